import type { Socket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import { answerTo } from '../echo-message.ts'
import { openUnfragmented } from '../udp-socket.ts'

/** Addresses come and go. */
const LOOK_AGAIN_MS = 2000

const ownAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).flatMap(({ family, address }) => (family === 'IPv4' ? [address] : [])),
  )

/** Answers are not fragmented either: a size that cannot come back whole does not count. */
const answerAt = (address: string, port: number): Socket => {
  const socket = openUnfragmented({ address, port })
  // An ICMP error of an earlier answer, or one that is larger than the interface it would leave by.
  socket.on('error', () => undefined)
  socket.on('message', (question, from) => {
    const answer = answerTo(question)
    if (answer !== null) socket.send(answer, from.port, from.address, () => undefined)
  })
  return socket
}

/**
 * Answers echoes on a UDP port of all addresses, until closed. Each has a socket of its own, so that answers come from where
 * was asked: of another address they would not be taken.
 * @throws MoleError `conflict`, `not-available` where not one address can be had.
 */
export const answerEchoes = (port: number): { readonly close: () => void } => {
  const sockets = new Map<string, Socket>()
  const follow = (): { readonly failures: unknown[] } => {
    const [addresses, failures] = [ownAddresses(), [] as unknown[]]
    for (const address of addresses.filter((each) => !sockets.has(each))) {
      try {
        sockets.set(address, answerAt(address, port))
      } catch (error) {
        failures.push(error)
      }
    }
    for (const [address, socket] of sockets) {
      if (addresses.includes(address)) continue
      socket.close()
      sockets.delete(address)
    }
    return { failures }
  }
  const { failures } = follow()
  if (sockets.size === 0 && failures.length > 0) throw failures[0]
  const timer = setInterval(follow, LOOK_AGAIN_MS)
  return {
    close: () => {
      clearInterval(timer)
      for (const socket of sockets.values()) socket.close()
    },
  }
}
