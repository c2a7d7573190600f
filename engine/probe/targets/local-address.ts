import { createSocket } from 'node:dgram'

/** The address that this host has towards another: what a firewall of its own network sees. `null` where there is no way. */
export const localAddress = (host: string): Promise<string | null> => {
  const { promise, resolve } = Promise.withResolvers<string | null>()
  const socket = createSocket('udp4')
  const answer = (address: string | null): void => {
    socket.close()
    resolve(address)
  }
  socket.once('error', () => answer(null))
  // Connecting a UDP socket sends nothing: the kernel only chooses the way (udp(7)). Port 9 is "discard".
  socket.connect(9, host, () => {
    socket.removeAllListeners('error')
    answer(socket.address().address)
  })
  return promise
}
