import type { Environment } from './config/environment.ts'
import { type Engine, type MakeProviders, startEngine } from './engine.ts'
import type { HelperProgram } from './host/start-helper.ts'
import { openIdleTimer } from './idle-timer.ts'
import { type EngineLock, takeEngineLock } from './lock.ts'
import { type Log, openLog } from './log.ts'
import { ensurePaths, type Paths } from './paths.ts'
import { makeProviders } from './providers.ts'
import { type SocketService, serveSocket } from './serve-socket.ts'

export type HostOptions = {
  readonly paths: Paths
  readonly version: string
  /** End by itself when nothing is deployed and nobody is connected (an engine started in the background). */
  readonly endWhenIdle: boolean
  /** How helper and measuring program are run; default: by this very Node. */
  readonly program?: HelperProgram
  /** In place of the real clouds; for tests. */
  readonly providers?: MakeProviders
  readonly log?: Log
  /** Whose `MOLE_*` variables count; this process's when left out. */
  readonly environment?: Environment
}

export type HostedEngine = {
  readonly engine: Engine
  readonly log: Log
  /** Keeps an engine that ends when idle alive, as a connected panel does; call what it returns to let go. */
  hold(): () => void
  /** Resolves when the engine has ended: why. */
  readonly ended: Promise<EndReason>
  close(): Promise<void>
}

export type EndReason = 'closed' | 'asked' | 'idle'

const open = async (
  options: HostOptions,
  lock: EngineLock,
  log: Log,
  onClients: (count: number) => void,
): Promise<[Engine, SocketService]> => {
  const { paths, version, environment = process.env } = options
  const engine = await startEngine({
    paths,
    version,
    log,
    providers: options.providers ?? makeProviders({ paths, environment }),
    environment,
    ...(options.program === undefined ? {} : { program: options.program }),
  })
  try {
    return [engine, await serveSocket({ path: paths.engineSocket, lock, handlers: engine.handlers, log, onClients })]
  } catch (error) {
    await engine.close()
    throw error
  }
}

const openLogUnder = (lock: EngineLock, paths: Paths, version: string): Log => {
  try {
    return openLog(paths.engineLog, version)
  } catch (error) {
    lock.release()
    throw error
  }
}

/**
 * Starts the user's one engine with its real clouds and serves it on RUNTIME/engine.sock.
 * @throws MoleError `conflict` when one runs already (naming its pid), `denied` when a directory is not ours alone,
 *   `not-available` when the database or the log cannot be used.
 */
export const hostEngine = async (options: HostOptions): Promise<HostedEngine> => {
  const { paths, version } = options
  await ensurePaths(paths)
  const lock = takeEngineLock(paths.engineLock)
  const log = options.log ?? openLogUnder(lock, paths, version)
  const { promise: ended, resolve } = Promise.withResolvers<EndReason>()
  let clients = 0
  let holds = 0
  let look: () => void = () => undefined

  try {
    const [engine, socket] = await open(options, lock, log, (count) => {
      clients = count
      look()
    })
    log.info({ pid: process.pid }, 'engine started')

    let closing: Promise<void> | null = null
    const shut = async (reason: EndReason): Promise<void> => {
      idle.stop()
      try {
        await socket.close()
        await engine.close()
      } finally {
        lock.release()
        log.info({ reason }, 'engine ended')
        resolve(reason)
      }
    }
    const end = (reason: EndReason): Promise<void> => (closing ??= shut(reason))

    const isIdle = (): boolean => options.endWhenIdle && clients === 0 && holds === 0 && engine.isIdle()
    const idle = openIdleTimer(isIdle, () => void end('idle'))
    look = idle.look
    engine.onChange(look)
    // Answered first: the caller should hear that its wish was taken.
    engine.onStopRequested(() => void setTimeout(() => void end('asked'), 20))
    return {
      engine,
      log,
      ended,
      close: () => end('closed'),
      hold: () => {
        holds += 1
        look()
        let held = true
        return () => {
          if (held) holds -= 1
          held = false
          look()
        }
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}
