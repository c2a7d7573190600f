import { createServer, type Socket } from 'node:net'
import { type AppContract, appContract } from '../contract/app.ts'
import type { Handlers } from '../contract/define.ts'
import { byteStreamPort } from '../contract/ports/byte-stream.ts'
import { serve } from '../contract/serve.ts'
import type { EngineLock } from './lock.ts'
import type { Log } from './log.ts'
import { listenPrivately } from './private-socket.ts'

export type SocketService = {
  /** How many are connected now. */
  clients(): number
  close(): Promise<void>
}

export type SocketOptions = {
  readonly path: string
  /** Only who holds the lock may replace a socket left by a dead engine. */
  readonly lock: EngineLock
  readonly handlers: Handlers<AppContract>
  readonly log: Log
  onClients(count: number): void
}

/**
 * Serves the app contract on a Unix socket in the user's closed runtime directory: whoever can open it is
 * the user, or root.
 */
export const serveSocket = async ({ path, handlers, log, onClients }: SocketOptions): Promise<SocketService> => {
  const sockets = new Set<Socket>()

  const welcome = (socket: Socket): void => {
    sockets.add(socket)
    onClients(sockets.size)
    socket.once('close', () => {
      sockets.delete(socket)
      onClients(sockets.size)
    })
    serve(appContract, handlers, byteStreamPort(socket), {
      log: ({ event, method, error }) => log.warn({ event, method, error: String(error) }, 'request refused'),
    })
  }

  const server = createServer(welcome)
  await listenPrivately(server, path)
  return {
    clients: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
