import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { entryPoint } from '../../../paths.ts'
import { ensureHelper } from '../../lab/helper-process.ts'
import { argumentsOf, endProcesses } from '../../lab/processes.ts'
import { ensureWorld, removeWorld } from '../../lab/world.ts'
import type { HelperClient } from '../../provider.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { type Holdings, observeHoldings } from './holdings.ts'
import { type Hypervisor, startHypervisor } from './hypervisor.ts'
import { type Finished, finishOf, firstWordOf, processesInside, spawnInside } from './inside.ts'
import { type Moto, REGION, startMoto } from './moto.ts'
import { type CloudNetwork, makeCloudNetwork } from './network.ts'

export type AwsWorldOptions = {
  /** Of each tunnel's path to a bastion; default 50 Mbit/s. */
  readonly pathRateBitsPerSecond?: number
  /** See `FaultProxyOptions`. */
  readonly clock?: () => number
  readonly shutDownMs?: number
}

export type RunOptions = {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
}

/** AWS on this machine: moto, a hypervisor that boots what is launched, and a DTN on which `mole` runs. */
export type AwsWorld = {
  /** Everything of it lies below; gone after `dispose`. */
  readonly directory: string
  /** First process of the world, by its id outside. */
  readonly pid: number
  /** The user's home on the DTN, and where `mole` keeps its things: XDG_RUNTIME_DIR, XDG_STATE_HOME, XDG_CONFIG_HOME. */
  readonly env: Readonly<Record<string, string>>
  readonly moto: Moto
  readonly aws: FaultProxy
  readonly hypervisor: Hypervisor
  readonly network: CloudNetwork
  /** The lab's helper: `lab.*` for whom `hypervisor` does not say enough. */
  readonly helper: HelperClient
  /** Secrets the product is given and may never repeat. */
  readonly canaries: readonly string[]
  /** Runs any program on the DTN, where this user is root, until it ends. */
  run(argv: readonly string[], options?: RunOptions): Promise<Finished>
  /** Runs `mole` there. */
  mole(argv: readonly string[], options?: RunOptions): Promise<Finished>
  /** The `mole` processes there (commands and engines), by their ids outside; `word` must be among their arguments. */
  moles(word?: string): Promise<number[]>
  /** Ends those at once, as a crash would. */
  killMoles(word?: string): Promise<void>
  holdings(): Promise<Holdings>
  dispose(): Promise<void>
}

/** Where AWS listens in the world; all its ports are free. */
const AWS_PORT = 4566
const START_LIMIT_MS = 60_000

/** Unmistakable in whatever they turn up in, and different each time. */
const makeCanaries = () => ({
  AWS_ACCESS_KEY_ID: `AKIA${randomBytes(10).toString('hex').slice(0, 16).toUpperCase()}`,
  AWS_SECRET_ACCESS_KEY: `canary-${randomBytes(20).toString('hex')}`,
  AWS_SESSION_TOKEN: `canary-${randomBytes(40).toString('hex')}`,
})

/** A user of its own: nothing of whoever runs the tests. */
const makeHome = (directory: string): Record<string, string> => {
  const place = (name: string): string => {
    const path = join(directory, name)
    mkdirSync(path, { mode: 0o700 })
    return path
  }
  const home = place('home')
  return {
    HOME: home,
    XDG_RUNTIME_DIR: place('run'),
    XDG_STATE_HOME: join(home, 's'),
    XDG_CONFIG_HOME: join(home, 'c'),
    XDG_CACHE_HOME: join(home, 'cache'),
    TMPDIR: place('t'),
    LANG: 'C.UTF-8',
    NO_COLOR: '1',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${AWS_PORT}`,
    AWS_REGION: REGION,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: join(home, 'aws-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(home, 'aws-credentials'),
  }
}

/** Makes the proxy's socket a port of the world. */
const openGate = async (pid: number, socketPath: string): Promise<void> => {
  const argv = [process.execPath, join(import.meta.dirname, 'gate.ts'), socketPath, String(AWS_PORT)]
  await firstWordOf(await spawnInside(pid, argv, {}, ['ignore', 'pipe', 'pipe']), 'the gate')
}

/** How one runs programs in a world. */
const runnerIn =
  (pid: number, env: Readonly<Record<string, string>>) =>
  async (argv: readonly string[], options: RunOptions = {}): Promise<Finished> => {
    const child = await spawnInside(pid, argv, { ...env, ...options.env }, ['pipe', 'pipe', 'pipe'])
    child.stdin?.on('error', () => undefined).end(options.input ?? '')
    return finishOf(child)
  }

const moleIn = (pid: number) => {
  const entry = entryPoint('cli')
  const isMole = (word?: string) => async (each: number) => {
    const argv = await argumentsOf(each)
    return argv.includes(entry) && (word === undefined || argv.includes(word))
  }
  return {
    argv: [process.execPath, entry],
    find: (word?: string) => processesInside(pid, isMole(word)),
    kill: async (word?: string) => {
      const found = await processesInside(pid, isMole(word))
      await endProcesses(async (each) => found.includes(each) && (await isMole(word)(each)), 5000)
    },
  }
}

/** What was opened, to be closed in the reverse order, all of it, whatever fails. */
const makeUndo = () => {
  const steps: (() => Promise<void>)[] = []
  return {
    add: (step: () => Promise<void>): void => void steps.push(step),
    all: async (): Promise<void> => {
      const failures: unknown[] = []
      for (const step of steps.splice(0).reverse()) await step().catch((error: unknown) => failures.push(error))
      if (failures.length > 0) throw failures[0]
    },
  }
}

const open = async (
  directory: string,
  undo: ReturnType<typeof makeUndo>,
  options: AwsWorldOptions,
): Promise<AwsWorld> => {
  const soon = AbortSignal.timeout(START_LIMIT_MS)
  const lab = join(directory, 'lab')
  undo.add(() => removeWorld(lab))
  const world = await ensureWorld(lab, soon)
  const motoStart = startMoto(world.pid, directory)
  const [moto, helper] = await Promise.all([
    motoStart,
    ensureHelper(lab, world, { node: process.execPath, entry: entryPoint('helper') }, soon),
  ])
  const network = await makeCloudNetwork(moto.ec2)
  const { pathRateBitsPerSecond = 50_000_000, ...proxyOptions } = options
  const hypervisor = startHypervisor({
    moto,
    helper,
    pid: world.pid,
    directory: lab,
    network,
    pathRateBitsPerSecond,
  })
  undo.add(() => hypervisor.stop())
  const socketPath = join(directory, 'aws.sock')
  const aws = await startFaultProxy({ ...proxyOptions, socketPath, moto, hypervisor })
  undo.add(() => aws.close())
  await openGate(world.pid, socketPath)
  const canaries = makeCanaries()
  const env = { ...makeHome(directory), ...canaries }
  const mole = moleIn(world.pid)
  const run = runnerIn(world.pid, env)
  return {
    directory,
    pid: world.pid,
    env,
    moto,
    aws,
    hypervisor,
    network,
    helper,
    canaries: [canaries.AWS_SECRET_ACCESS_KEY, canaries.AWS_SESSION_TOKEN],
    run,
    mole: (argv, more) => run([...mole.argv, ...argv], more),
    moles: mole.find,
    killMoles: mole.kill,
    holdings: () => observeHoldings(moto),
    dispose: undo.all,
  }
}

/**
 * Opens a world with AWS in it. Nothing of this machine's network is touched, nothing outside is reached.
 * @throws Error when it cannot be made; nothing is left behind then.
 */
export const openAwsWorld = async (options: AwsWorldOptions = {}): Promise<AwsWorld> => {
  // Short: a socket's path has 107 bytes at most.
  const directory = mkdtempSync(join(tmpdir(), 'mole-'))
  const undo = makeUndo()
  undo.add(async () => rmSync(directory, { recursive: true, force: true }))
  try {
    return await open(directory, undo, options)
  } catch (error) {
    await undo.all().catch(() => undefined)
    throw error
  }
}
