import type { Socket } from 'node:net'
import type { Endpoint } from '../native/sockaddr.ts'

/** What a bastion's end said. `silent`: it ended, or spoke otherwise, before it said anything. */
export type Answer =
  | { readonly kind: 'ok' }
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'silent' }

const MOST_BYTES = 512

/** First line of a connection to a bastion's end. Pure. */
const renderRequest = ({ address, port }: Endpoint): string => `mole-relay 1 ${address} ${port}\n`

/** Reads the answer's line. Pure. */
const parseAnswer = (line: string): Answer => {
  if (line === 'ok') return { kind: 'ok' }
  return line.startsWith('error ') ? { kind: 'error', text: line.slice('error '.length) } : { kind: 'silent' }
}

/**
 * Asks the far end to connect to `destination`, and waits for its answer, for `limitMs`. What came after the line is put back
 * to be read.
 */
export const askFarEnd = (socket: Socket, destination: Endpoint, limitMs: number): Promise<Answer> =>
  new Promise((resolve) => {
    let heard = Buffer.alloc(0)
    const settle = (answer: Answer): void => {
      clearTimeout(timer)
      socket.off('data', hear)
      socket.off('end', giveUp)
      socket.off('close', giveUp)
      socket.pause()
      resolve(answer)
    }
    const giveUp = (): void => settle({ kind: 'silent' })
    const hear = (bytes: Buffer): void => {
      heard = Buffer.concat([heard, bytes])
      const end = heard.indexOf(0x0a)
      if (end < 0) {
        if (heard.length > MOST_BYTES) giveUp()
        return
      }
      const rest = heard.subarray(end + 1)
      settle(parseAnswer(heard.toString('utf8', 0, end)))
      if (rest.length > 0) socket.unshift(rest)
    }
    const timer = setTimeout(giveUp, limitMs)
    socket.on('data', hear)
    socket.on('end', giveUp)
    socket.on('close', giveUp)
    socket.write(renderRequest(destination))
  })
