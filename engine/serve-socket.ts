import { chmod, lstat, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { type AppContract, appContract } from '../contract/app.ts'
import type { Handlers } from '../contract/define.ts'
import { byteStreamPort } from '../contract/ports/byte-stream.ts'
import { serve } from '../contract/serve.ts'
import type { EngineLock } from './lock.ts'
import type { Log } from './log.ts'

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

const removeStale = async (path: string): Promise<void> => {
  const stat = await lstat(path).catch(() => null)
  if (stat?.isSocket() === true) await rm(path, { force: true })
}

/** Binds within `listen` itself, so the mask holds for just that call: the socket is 0600 from birth. */
const listenPrivately = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    const before = process.umask(0o177)
    try {
      server.listen(path, () => {
        server.off('error', reject)
        resolve()
      })
    } finally {
      process.umask(before)
    }
  })

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
  await removeStale(path)
  await listenPrivately(server, path)
  await chmod(path, 0o600)
  return {
    clients: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
