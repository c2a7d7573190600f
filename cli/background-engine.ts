import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ErrorCode, ErrorData, MoleError } from '../contract/errors.ts'
import { attach } from '../engine/attach.ts'
import { withoutConfiguration } from '../engine/config/environment.ts'
import { ensurePaths, entryPoint, type Paths } from '../engine/paths.ts'
import { EXIT } from './exit-codes.ts'
import { plainText } from './plain-text.ts'
import type { Engine, ServeRequest } from './world.ts'

const START_LIMIT_MS = 20_000
const LOOK_EVERY_MS = 20
/** How long an engine that another one's lock refused is waited for, before one more is started. */
const RIVAL_LIMIT_MS = 500
const TAIL_CHARACTERS = 600

/**
 * What the starting engine says before it has a log of its own; begun anew at each start, so it stays small. Not in STATE:
 * that its disk is full is one of the things it may have to say.
 */
const startLog = (paths: Paths): string => join(paths.runtime, 'engine.start.log')

const spawnEngine = (paths: Paths, { port, untilIdle }: ServeRequest): ChildProcess => {
  const output = openSync(startLog(paths), 'w', 0o600)
  try {
    const argv = [entryPoint('cli'), 'serve', '--detached', '--json', '--port', String(port)]
    // Its own session: closing this terminal does not end it. "/" keeps no file system busy.
    const child = spawn(process.execPath, untilIdle ? [...argv, '--until-idle'] : argv, {
      detached: true,
      cwd: '/',
      stdio: ['ignore', output, output],
      // It serves every command and the panel: what one command was told for itself is not for all of them.
      env: withoutConfiguration(process.env),
    })
    child.unref()
    return child
  } finally {
    closeSync(output)
  }
}

const Failure = z.object({
  ok: z.literal(false),
  error: z.object({ code: ErrorCode, message: z.string(), data: ErrorData }),
})

/** The error the engine printed as JSON before it ended, `null` when it ended otherwise. */
const printedError = (text: string): MoleError | null => {
  for (const line of text.split('\n').toReversed()) {
    try {
      const { error } = Failure.parse(JSON.parse(line))
      return new MoleError(error.code, error.message, error.data)
    } catch {}
  }
  return null
}

const notStarted = (paths: Paths, what: string): MoleError => {
  const text = readFileSync(startLog(paths), 'utf8')
  const tail = plainText(text.trim().slice(-TAIL_CHARACTERS))
  return (
    printedError(text) ??
    new MoleError('engine-unreachable', `The engine did not start: ${what}.`, {
      field: 'engine',
      meaning: tail === '' ? 'It said nothing.' : `Its last words: ${tail}`,
      nextStep: `Run "mole serve" to see it start, or look at ${paths.engineLog}.`,
    })
  )
}

/** Words of the starting engine that must not wait for somebody to open the panel's activity page. */
const tellLosses = async (engine: Engine, warn: (text: string) => void): Promise<void> => {
  const { startedAtMs } = await engine.call('engine.hello', {})
  for await (const first of engine.stream('activity.watch', {})) {
    const events = first.kind === 'recent' ? first.events : []
    for (const { kind, text, atMs } of events) if (kind === 'store.set-aside' && atMs >= startedAtMs) warn(text)
    return
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Starts the engine as a process of its own and connects to it. `warn` hears of what the engine found lost.
 * @throws MoleError its own error when it refuses to start, `engine-unreachable` when it dies or says nothing in 20 s.
 */
export const startBackgroundEngine = async (
  paths: Paths,
  request: ServeRequest,
  warn: (text: string) => void,
): Promise<Engine> => {
  await ensurePaths(paths)
  let child = spawnEngine(paths, request)
  let startedMs = performance.now()
  const deadline = performance.now() + START_LIMIT_MS
  while (performance.now() < deadline) {
    const engine = await attach(paths)
    if (engine !== null) {
      await tellLosses(engine, warn)
      return engine
    }
    // With `conflict`, another command started one in this very moment and its socket will be there soon, or the last one
    // is just ending and its lock will be free soon.
    const { exitCode, signalCode } = child
    if (exitCode !== null && exitCode !== EXIT.conflict) throw notStarted(paths, `it ended with code ${exitCode}`)
    if (signalCode !== null) throw notStarted(paths, `it was ended by ${signalCode}`)
    if (exitCode !== null && performance.now() - startedMs > RIVAL_LIMIT_MS) {
      child = spawnEngine(paths, request)
      startedMs = performance.now()
    }
    await pause(LOOK_EVERY_MS)
  }
  throw notStarted(paths, `it did not answer within ${START_LIMIT_MS / 1000} s`)
}
