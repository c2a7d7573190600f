import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Admission } from './admission.ts'
import { firstFrame } from './first-frame.ts'
import { isLoopbackHost, isOwnOrigin } from './loopback.ts'

/** Largest WebSocket message, as on every other transport. */
const MOST_FRAME_BYTES = 1024 * 1024
/** Sockets at once: a person has a handful of tabs. */
const MOST_SOCKETS = 32
/** A half-open connection (a laptop closed behind `ssh -L`) is noticed within two of these. */
const PING_EVERY_MS = 30_000

const SOCKET_PATH = '/socket'

export type SocketGate = {
  /** Answers an HTTP upgrade: refuses it, or opens a WebSocket that must authenticate at once. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Ends every socket. */
  close(): void
}

export type SocketGateOptions = {
  readonly admission: Admission
  /** Serves the contract on an authenticated socket. Called before any further message is read. */
  readonly onSocket: (socket: WebSocket) => void
  /** Whether the peer may even try (another user of this machine may not). */
  readonly mayTry?: (socket: Duplex) => Promise<boolean>
  readonly authenticateWithinMs?: number
}

const REFUSALS = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  421: 'Misdirected Request',
  503: 'Service Unavailable',
} as const

/** An HTTP server's sockets may stay half open, and one that its peer keeps so would keep the server from ending. */
const refuse = (socket: Duplex, status: keyof typeof REFUSALS): void => {
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${REFUSALS[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** Why this upgrade is refused, as an HTTP status; `null` when it is not. */
const refusalOf = (request: IncomingMessage): keyof typeof REFUSALS | null => {
  const { host, origin } = request.headers
  if (!isLoopbackHost(host)) return 421
  if (request.url !== SOCKET_PATH) return 404
  return isOwnOrigin(origin, host) ? null : 403
}

const keepAlive = (socket: WebSocket): void => {
  let answered = true
  socket.on('pong', () => {
    answered = true
  })
  const timer = setInterval(() => {
    if (!answered) return socket.terminate()
    answered = false
    socket.ping()
  }, PING_EVERY_MS)
  timer.unref()
  socket.once('close', () => clearInterval(timer))
}

/**
 * The way in for WebSockets: own Host, own Origin, a bounded number, and a secret in the first frame.
 * One gate serves the TCP and the Unix listener.
 */
export const createSocketGate = (options: SocketGateOptions): SocketGate => {
  const server = new WebSocketServer({ noServer: true, maxPayload: MOST_FRAME_BYTES, perMessageDeflate: false })
  const admit = (socket: WebSocket): void => {
    // Without a listener an oversized frame's error would end the process; ws closes the socket by itself.
    socket.on('error', () => {})
    keepAlive(socket)
    firstFrame(socket, options.admission, options.authenticateWithinMs ?? 2000, options.onSocket)
  }
  const open = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    if ((await options.mayTry?.(socket)) === false) return refuse(socket, 403)
    if (server.clients.size >= MOST_SOCKETS) return refuse(socket, 503)
    server.handleUpgrade(request, socket, head, admit)
  }
  return {
    upgrade: (request, socket, head) => {
      socket.on('error', () => socket.destroy())
      const refusal = refusalOf(request)
      if (refusal !== null) return refuse(socket, refusal)
      open(request, socket, head).catch(() => socket.destroy())
    },
    close: () => {
      for (const socket of server.clients) socket.terminate()
      server.close()
    },
  }
}
