import { createConnection } from 'node:net'
import { type AppContract, appContract } from '../contract/app.ts'
import { connect } from '../contract/connect.ts'
import type { Client } from '../contract/define.ts'
import { MoleError } from '../contract/errors.ts'
import type { Port } from '../contract/port.ts'
import { byteStreamPort } from '../contract/ports/byte-stream.ts'
import { memoryPorts } from '../contract/ports/memory.ts'
import { serve } from '../contract/serve.ts'
import { attach } from '../engine/attach.ts'
import { type EndReason, type HostedEngine, type HostOptions, hostEngine } from '../engine/host-engine.ts'
import { relay } from './relay.ts'

/** The desktop's way to the user's one engine, wherever it runs. */
export type EngineLink = {
  /** In this process; otherwise another one's, reached through its socket. */
  readonly isHosted: boolean
  /** For the tray and the questions of this process. */
  readonly client: Client<AppContract>
  /** Serves a page's port. */
  serve(page: Port): void
  /** Resolves when the engine is gone: why, where it was ours. */
  readonly ended: Promise<EndReason | 'lost'>
  /** Ends a hosted engine (tunnels stay up), or leaves another one's. */
  close(): Promise<void>
}

const hostedLink = (hosted: HostedEngine): EngineLink => {
  const serveOn = (port: Port): void => {
    serve(appContract, hosted.engine.handlers, port, {
      log: ({ event, method, error }) => hosted.log.warn({ event, method, error: String(error) }, 'request refused'),
    })
  }
  const [ours, theirs] = memoryPorts()
  serveOn(theirs)
  const client = connect(appContract, ours)
  return {
    isHosted: true,
    client,
    serve: serveOn,
    ended: hosted.ended,
    close: async () => {
      client.close()
      await hosted.close()
    },
  }
}

const attachedLink = (client: Client<AppContract>, socketPath: string): EngineLink => ({
  isHosted: false,
  client,
  serve: (page) => relay(page, byteStreamPort(createConnection(socketPath))),
  ended: client.closed.then(() => 'lost' as const),
  close: async () => client.close(),
})

const isConflict = (error: unknown): boolean => error instanceof MoleError && error.code === 'conflict'

/**
 * Attaches to the engine that runs, or hosts one here.
 * @throws MoleError as `hostEngine` and `attach` do.
 */
export const openEngineLink = async (options: HostOptions): Promise<EngineLink> => {
  const socketPath = options.paths.engineSocket
  const running = await attach(options.paths)
  if (running !== null) return attachedLink(running, socketPath)
  try {
    return hostedLink(await hostEngine(options))
  } catch (error) {
    // A command started one in this very moment.
    const quicker = isConflict(error) ? await attach(options.paths) : null
    if (quicker === null) throw error
    return attachedLink(quicker, socketPath)
  }
}
