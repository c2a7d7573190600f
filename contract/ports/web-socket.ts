import { MoleError } from '../errors.ts'
import { brokenFrame } from '../frame.ts'
import { type Port, portOver } from '../port.ts'

/** The part of the DOM's `WebSocket` that is needed; the `ws` package's is one too. */
export type WebSocketLike = {
  readonly readyState: number
  /** Bytes not yet given to the network. */
  readonly bufferedAmount: number
  addEventListener(event: 'open' | 'close' | 'error', listener: () => void): void
  addEventListener(event: 'message', listener: (event: { readonly data: unknown }) => void): void
  send(text: string): void
  close(code?: number, reason?: string): void
}

const CONNECTING = 0
const OPEN = 1

/** Above this much under way, a sender waits; WebSockets tell it only to who asks. */
const HIGH_WATER_BYTES = 256 * 1024
const ASK_AGAIN_MS = 10

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))

const gone = (): MoleError => new MoleError('disconnected', 'The WebSocket is closed.')

/** A WebSocket, open or still connecting: one text message a frame. */
export const webSocketPort = (socket: WebSocketLike): Port => {
  const settled = new Promise<void>((resolve) => {
    if (socket.readyState !== CONNECTING) resolve()
    for (const event of ['open', 'close', 'error'] as const) socket.addEventListener(event, resolve)
  })
  return portOver({
    send: async (text) => {
      if (socket.readyState === CONNECTING) await settled
      if (socket.readyState !== OPEN) throw gone()
      socket.send(text)
      while (socket.readyState === OPEN && socket.bufferedAmount > HIGH_WATER_BYTES) await pause()
    },
    receive: (onFrame, onEnd) => {
      socket.addEventListener('message', ({ data }) => {
        if (typeof data === 'string') onFrame(data)
        else onEnd(brokenFrame('a message that is not text'))
      })
      socket.addEventListener('close', () => onEnd())
      socket.addEventListener('error', () => onEnd(gone()))
      if (socket.readyState > OPEN) onEnd()
    },
    close: () => socket.close(),
  })
}
