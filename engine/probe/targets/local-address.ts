import { createSocket } from 'node:dgram'

/** A name that is not found in this time is of no use: then the report says "this host". */
const LIMIT_MS = 2000

/**
 * The address that this host has towards another: what a firewall of its own network sees. `null` where there is no way, where
 * the name is not found in time, and once `signal` aborts.
 */
export const localAddress = (host: string, signal: AbortSignal): Promise<string | null> => {
  const { promise, resolve } = Promise.withResolvers<string | null>()
  const over = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)])
  if (over.aborted) return Promise.resolve(null)
  const socket = createSocket('udp4')
  let isAnswered = false
  const answer = (address: string | null): void => {
    if (isAnswered) return
    isAnswered = true
    over.removeEventListener('abort', giveUp)
    socket.close()
    resolve(address)
  }
  const giveUp = (): void => answer(null)
  over.addEventListener('abort', giveUp)
  // Listened to as events: a callback of `connect` is called where it fails, too, and the address is 0.0.0.0 then.
  socket.on('error', giveUp)
  socket.on('connect', () => answer(socket.address().address))
  // Connecting a UDP socket sends nothing: the kernel only chooses the way (udp(7)). Port 9 is "discard".
  socket.connect(9, host)
  return promise
}
