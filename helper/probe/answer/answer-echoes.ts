import type { Socket } from 'node:dgram'
import { answerTo } from '../echo-message.ts'
import { openUnfragmented } from '../udp-socket.ts'

/**
 * Answers echoes on a UDP port of all addresses, until closed. Answers are not fragmented either: a size that cannot come back
 * whole does not count.
 * @throws MoleError `conflict`, `not-available`.
 */
export const answerEchoes = (port: number): { readonly close: () => void } => {
  const { socket }: { socket: Socket } = openUnfragmented({ address: '0.0.0.0', port })
  // An ICMP error of an earlier answer, or one that is larger than the interface it would leave by.
  socket.on('error', () => undefined)
  socket.on('message', (question, from) => {
    const answer = answerTo(question)
    if (answer !== null) socket.send(answer, from.port, from.address, () => undefined)
  })
  return { close: () => socket.close() }
}
