import { spawn } from 'node:child_process'
import { open, readFile } from 'node:fs/promises'
import { connect as connectSocket, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { presentToken } from '../../../contract/authenticate.ts'
import { connect } from '../../../contract/connect.ts'
import { MoleError } from '../../../contract/errors.ts'
import { helperContract } from '../../../contract/helper.ts'
import { byteStreamPort } from '../../../contract/ports/byte-stream.ts'
import type { HelperClient } from '../provider.ts'
import { argumentsOf, endProcesses, identityOf, wakeProcesses } from './processes.ts'
import { enterNamespaces, LAB_ENVIRONMENT, mustFindProgram } from './programs.ts'
import type { World } from './world-file.ts'

/** How the helper is run. */
export type HelperProgram = {
  /** The Node binary, absolute. */
  readonly node: string
  /** The helper's entry file, absolute. */
  readonly entry: string
  /** More variables, such as `ELECTRON_RUN_AS_NODE` where `node` is Electron. */
  readonly env?: Readonly<Record<string, string>>
}

const openSocket = (path: string): Promise<Socket | null> =>
  new Promise((resolve) => {
    const socket = connectSocket(path)
    socket.once('connect', () => resolve(socket))
    socket.once('error', () => resolve(null))
  })

/** An answer that takes longer comes from a helper that hangs. */
const HELLO_LIMIT_MS = 3000

/** `absent`: none listens, or it does not take our token. `silent`: the kernel took our connection, and nobody answers. */
type Reached = HelperClient | 'absent' | 'silent'

const reachHelper = async (directory: string): Promise<Reached> => {
  const token = (await readFile(join(directory, 'helper.token'), 'utf8').catch(() => '')).trim()
  const socket = token === '' ? null : await openSocket(join(directory, 'helper.sock'))
  if (socket === null) return 'absent'
  const port = byteStreamPort(socket)
  const limit = AbortSignal.timeout(HELLO_LIMIT_MS)
  try {
    await presentToken(port, token)
    const client = connect(helperContract, port)
    await client.call('hello', {}, { signal: limit })
    return client
  } catch {
    socket.destroy()
    return limit.aborted ? 'silent' : 'absent'
  }
}

/** Connects to the helper of `directory`; `null` when none listens, or none that takes our token and answers. */
export const connectHelper = async (directory: string): Promise<HelperClient | null> => {
  const reached = await reachHelper(directory)
  return typeof reached === 'string' ? null : reached
}

/** The helper itself, in the world; its `nsenter`, outside, has the same arguments. */
const isHelperOf =
  (directory: string, processes: string) =>
  async (pid: number): Promise<boolean> => {
    const argv = await argumentsOf(pid)
    return argv.includes('serve') && argv.includes(directory) && (await identityOf(`/proc/${pid}/ns/pid`)) === processes
  }

const END_LIMIT_MS = 2000

/** Ends a helper that hangs: it holds the lock for as long as it lives. Its journal was made for dying at any moment. */
const endHelper = async (directory: string, world: World): Promise<void> => {
  const [processes, users] = await Promise.all(
    ['pid', 'user'].map((kind) => identityOf(`/proc/${world.pid}/ns/${kind}`)),
  )
  if (processes == null || users == null) return
  await endProcesses(isHelperOf(directory, processes), END_LIMIT_MS)
  // Where the helper was stopped, its nsenter has stopped itself along with it.
  await wakeProcesses(async (pid) => (await identityOf(`/proc/${pid}/ns/user`)) === users)
}

type HelperStart = { hasEnded: boolean }

/** Starts the helper in the world. It belongs to nobody: it outlives this process. Its log is `helper.log`. */
const startHelper = async (directory: string, world: World, program: HelperProgram): Promise<HelperStart> => {
  const log = await open(join(directory, 'helper.log'), 'a', 0o600)
  try {
    const argv = [
      ...enterNamespaces(world.pid),
      program.node,
      program.entry,
      'serve',
      '--directory',
      directory,
      '--lab',
    ]
    const child = spawn(await mustFindProgram('nsenter'), argv, {
      cwd: '/',
      env: { ...LAB_ENVIRONMENT, ...program.env },
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    })
    child.unref()
    const start: HelperStart = { hasEnded: false }
    const ended = (): void => {
      start.hasEnded = true
    }
    child.once('exit', ended).once('error', ended)
    return start
  } finally {
    await log.close()
  }
}

const START_LIMIT_MS = 10_000
/** A helper that ended may have found another one starting: that one is given this long. */
const RIVAL_LIMIT_MS = 2000

const lastLogLine = async (directory: string): Promise<string> =>
  (await readFile(join(directory, 'helper.log'), 'utf8').catch(() => '')).trim().split('\n').at(-1)?.slice(0, 500) ?? ''

const lastWords = async (directory: string): Promise<string> => {
  const line = await lastLogLine(directory)
  return line === '' ? 'It ended, or was ended, without a word.' : `The last line of its log: ${line}`
}

const unreachable = async (directory: string): Promise<MoleError> =>
  new MoleError('helper-unreachable', 'The lab’s helper did not start.', {
    field: 'helper',
    meaning: await lastWords(directory),
    nextStep:
      'Try again. If it happens again, "mole doctor" tells what this machine lacks, and "mole down" ends the lab.',
  })

/**
 * Connects to the helper of the world, starting it when none answers: the tunnels of a world live on without their
 * helper, and the new one finds them. One that hangs, asked twice, is ended first.
 * @throws MoleError `helper-unreachable`, `missing-program`, or the signal's reason.
 */
export const ensureHelper = async (
  directory: string,
  world: World,
  program: HelperProgram,
  signal: AbortSignal,
): Promise<HelperClient> => {
  let known = await reachHelper(directory)
  if (known === 'silent') known = await reachHelper(directory)
  if (typeof known !== 'string') return known
  if (known === 'silent') await endHelper(directory, world)
  const start = await startHelper(directory, world, program)
  let until = performance.now() + START_LIMIT_MS
  let isRivalAwaited = false
  while (performance.now() < until) {
    const client = await connectHelper(directory)
    if (client !== null) return client
    if (start.hasEnded && !isRivalAwaited) {
      isRivalAwaited = true
      until = Math.min(until, performance.now() + RIVAL_LIMIT_MS)
    }
    await delay(5, undefined, { signal })
  }
  throw await unreachable(directory)
}
