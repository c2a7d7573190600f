import { parsePriceTable } from '../../domain/planner/price-table.ts'
import { openWorkspaces } from '../../engine/cloud/terraform/workspaces.ts'
import { openUserConfig } from '../../engine/config/user-config.ts'
import { resolvePaths } from '../../engine/paths.ts'
import { readNewestPrices } from '../../engine/prices/price-files.ts'
import { openProfileFiles } from '../../engine/profiles/profile-files.ts'
import { openConfigAccess } from '../config-access.ts'
import { runCommandLine } from '../run.ts'
import type { World } from '../world.ts'
import type { FakeEngine } from './fake-engine.ts'

export type FakeWorld = World & {
  readonly out: string[]
  readonly err: string[]
  readonly started: string[]
  readonly ran: unknown[][]
  interrupt(): void
}

const unexpected = (what: string) => async (): Promise<never> => {
  throw new Error(`not expected in this test: ${what}`)
}

const NOWHERE = '/nowhere'
/** Where no file is: the built-in configuration, and no profile. */
const nowhere = resolvePaths({ HOME: NOWHERE })

export type Situation = {
  /** Whether the engine runs already, or must be started. */
  readonly isRunning?: boolean
  readonly isAnythingLeft?: boolean
}

/** A world that records what is printed and started; what a test does not provide fails it. */
export const fakeWorld = (
  engine: FakeEngine | null,
  situation: Situation = {},
  more: Partial<World> = {},
): FakeWorld => {
  const { isRunning = engine !== null, isAnythingLeft = false } = situation
  const [out, err, started]: [string[], string[], string[]] = [[], [], []]
  const ran: unknown[][] = []
  const listeners = new Set<() => void>()
  const start = async () => {
    if (engine === null) throw new Error('not expected in this test: an engine')
    if (!isRunning) started.push('engine')
    return engine.connect()
  }
  return {
    out,
    err,
    started,
    ran,
    interrupt: () => {
      for (const listener of listeners) listener()
    },
    stdout: (text) => void out.push(text),
    stderr: (text) => void err.push(text),
    isInteractive: false,
    canRedraw: false,
    hasColour: false,
    engine: {
      find: async () => (isRunning && engine !== null ? engine.connect() : null),
      findOrStart: start,
      isAnythingLeft: async () => isAnythingLeft,
    },
    confirm: unexpected('a question'),
    choose: unexpected('a choice'),
    home: NOWHERE,
    config: openConfigAccess(nowhere, {}),
    userConfig: openUserConfig(nowhere),
    profiles: openProfileFiles(nowhere),
    readPrices: async () => parsePriceTable(await readNewestPrices(nowhere)),
    readText: unexpected('a file'),
    openScratch: unexpected('an editor'),
    writeNewFiles: unexpected('a file to write'),
    findHelper: unexpected('a helper'),
    hostHelper: {
      install: unexpected('an installation'),
      uninstall: unexpected('an uninstallation'),
      status: unexpected('a look at the helper'),
    },
    invoker: 'alice',
    onInterrupt: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    terraform: openWorkspaces(nowhere.terraform),
    findTerraform: () => {
      throw new Error('not expected in this test: terraform')
    },
    findProgram: async (name) => `/usr/bin/${name}`,
    goDebug: undefined,
    runHere: async (...call) => {
      ran.push(call)
      return 0
    },
    answerProbes: unexpected('the answerer of probes'),
    serve: unexpected('serve'),
    serveInBackground: unexpected('serveInBackground'),
    awaitExit: async (pid) => void started.push(`waited for ${pid}`),
    openBrowser: unexpected('a browser'),
    openMonitorScreen: unexpected('a dashboard'),
    observeDoctor: unexpected('doctor'),
    ...more,
  }
}

export type Ran = { readonly code: number; readonly out: string; readonly err: string }

/** Runs `mole …` in `world`; operands are given as one text split at spaces, or as they are. */
export const mole = async (command: string | readonly string[], world: FakeWorld): Promise<Ran> => {
  const argv = typeof command === 'string' ? command.split(' ').filter((word) => word !== '') : command
  const code = await runCommandLine(argv, world, '0.1.0')
  return { code, out: world.out.join(''), err: world.err.join('') }
}
