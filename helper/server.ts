import { rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { requireToken } from '../contract/authenticate.ts'
import type { Handlers } from '../contract/define.ts'
import { MoleError } from '../contract/errors.ts'
import { type HelperContract, helperContract } from '../contract/helper.ts'
import { byteStreamPort } from '../contract/ports/byte-stream.ts'
import { serve } from '../contract/serve.ts'
import type { Audit } from './audit.ts'
import { type Door, mayEnter } from './door.ts'
import type { Caller } from './host.ts'
import { type PeerCredentials, peerCredentials } from './peer-credentials.ts'
import { makeRateLimit } from './rate-limit.ts'
import { watchedHandlers } from './watched-handlers.ts'

export type ServerOptions = {
  readonly door: Door
  readonly audit: Audit
  readonly generation: () => number
  /** What one connection may call. */
  readonly handlersFor: (caller: Caller) => Handlers<HelperContract>
  /** Who is at the other end; replaced in tests only. */
  readonly credentialsOf?: (socket: Socket) => PeerCredentials | null
}

/** Connections at once; the engine needs a handful. */
const MAX_CONNECTIONS = 32
/** Calls of all connections together. */
const CALLS_BURST = 400
const CALLS_PER_SECOND = 200

const tooFast = (): MoleError =>
  new MoleError('capacity', `More than ${CALLS_PER_SECOND} requests a second.`, {
    meaning: 'This one was not served; nothing was changed.',
    nextStep: 'Wait a second and try again.',
  })

const stranger = (): MoleError => new MoleError('denied', 'The helper serves its own user only.')

/**
 * Serves the helper contract on a Unix socket. A caller must pass three gates: the socket's mode (0600) and directory,
 * the kernel's word that it is a user whom this door is for, and, where the socket is our own, the token. The second is
 * asked again before each request.
 * The caller of this function holds the directory's lock: only so may a stale socket be removed.
 */
export const startServer = async (options: ServerOptions): Promise<Server> => {
  const { audit, generation, door, credentialsOf = peerCredentials } = options
  const takeCall = makeRateLimit(CALLS_BURST, CALLS_PER_SECOND)
  const ownUid = process.geteuid?.()

  const admit = (socket: Socket): void => {
    if (!mayEnter(door, credentialsOf(socket)?.uid, ownUid)) throw stranger()
    if (!takeCall()) throw tooFast()
  }

  const talk = async (socket: Socket, uid: number): Promise<void> => {
    const port = byteStreamPort(socket)
    if ('token' in door) await requireToken(port, door.token)
    const caller = Symbol('connection')
    const told = new WeakSet<object>()
    const watch = { audit, uid, generation, told, admit: () => admit(socket) }
    const service = serve(helperContract, watchedHandlers(options.handlersFor(caller), watch), port, {
      log: ({ event, method, error }) => {
        // What a handler answered has left its line already; this is for what never reached one.
        if (event === 'refused' && error instanceof MoleError && !told.has(error))
          audit({ event: 'call', uid, verb: method ?? undefined, generation: generation(), outcome: error.code })
        if (event === 'failed')
          audit({ event, uid, verb: method ?? undefined, outcome: 'internal', detail: stackOf(error) })
      },
    })
    await service.closed
  }

  const accept = (socket: Socket): void => {
    const uid = credentialsOf(socket)?.uid
    if (!mayEnter(door, uid, ownUid)) {
      audit({ event: 'connection', uid, outcome: 'denied', detail: 'another user' })
      socket.destroy()
      return
    }
    socket.on('error', () => undefined)
    talk(socket, uid).catch((error: unknown) => {
      socket.destroy()
      const outcome = error instanceof MoleError ? error.code : 'internal'
      audit({ event: 'connection', uid, outcome, detail: error instanceof Error ? error.message : undefined })
    })
  }

  const server = createServer(accept)
  server.maxConnections = MAX_CONNECTIONS
  await ('fd' in door ? listenOn(server, door.fd) : listenAt(server, door.path))
  return server
}

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))

/** systemd has bound it already, with the mode and for the user of its unit. */
const listenOn = (server: Server, fd: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ fd }, resolve)
  })

/** Binds with a mask that leaves 0600: there is no moment in which others could connect. */
const listenAt = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    rmSync(path, { force: true })
    server.once('error', reject)
    const mask = process.umask(0o177)
    try {
      // `bind(2)` happens within this call.
      server.listen(path, resolve)
    } finally {
      process.umask(mask)
    }
  })
