import { createServer, type Server, Socket } from 'node:net'
import { contains, parseNetwork } from '../../domain/addressing.ts'
import type { Endpoint } from '../native/sockaddr.ts'
import type { RelayConfig } from './config.ts'
import { askFarEnd } from './handshake.ts'
import { type Raced, type RacePace, race } from './race.ts'
import { beginConnection, originalDestination } from './sockets.ts'
import { splice } from './splice.ts'
import { makeTurns, type Turns, type Way } from './turns.ts'

export type RelayParts = {
  /** Read anew for each connection. */
  readonly config: () => RelayConfig
  readonly say: (line: string) => void
  /** Whether a connection from this address is carried. */
  readonly serves: (address: string) => boolean
  readonly destinationOf?: (socket: Socket) => Endpoint | null
}

const PACE: RacePace = { staggerMs: 300, limitMs: 3000 }
/** Longer than the bastion's end tries for its own connection. */
const ANSWER_MS = 30_000
/** For so long a bastion's end that could not be reached is not tried again. */
const REST_MS = 10_000

const isIn = (address: string, networks: readonly string[]): boolean => {
  const one = parseNetwork(`${address}/32`)
  return networks.some((text) => {
    const network = parseNetwork(text)
    return one !== null && network !== null && contains(network, one)
  })
}

const wrap = (fd: number): Socket => {
  const socket = new Socket({ fd, readable: true, writable: true, allowHalfOpen: true })
  // Until it is spliced nobody else listens.
  socket.on('error', () => undefined)
  return socket
}

/** Carries connections that were redirected here by Multipath TCP over all tunnels; where that cannot be, by one of them. */
export const makeRelay = ({ config, say, serves, destinationOf = originalDestination }: RelayParts): Server => {
  const turns: Turns = makeTurns()
  let restUntilMs = Number.NEGATIVE_INFINITY
  let isDirect = false

  const tell = (direct: boolean, why: string): void => {
    if (direct !== isDirect)
      say(direct ? `connections go directly, each by one tunnel: ${why}` : 'connections use all tunnels again')
    isDirect = direct
  }

  const connectBy = async (
    ways: readonly Way[],
    to: (way: Way) => Endpoint,
    protocol: 'mptcp' | 'tcp',
  ): Promise<Raced<Way>> => {
    const raced = await race(ways, (way) => beginConnection(way.from, to(way), protocol), PACE)
    if (raced.kind === 'connected') turns.wereSlow(raced.slow)
    return raced
  }

  /** By the relay of a bastion; `null` when none can be reached, `refused` when the destination cannot. */
  const relayed = async (ways: readonly Way[], destination: Endpoint): Promise<Socket | 'refused' | null> => {
    if (performance.now() < restUntilMs) return null
    const raced = await connectBy(ways, (way) => way, 'mptcp')
    if (raced.kind === 'connected') {
      const socket = wrap(raced.fd)
      const answer = await askFarEnd(socket, destination, ANSWER_MS)
      if (answer.kind === 'ok') {
        tell(false, '')
        return socket
      }
      socket.destroy()
      if (answer.kind === 'error') return 'refused'
    }
    restUntilMs = performance.now() + REST_MS
    tell(true, 'the relay of no bastion can be reached')
    return null
  }

  /** Never around the tunnels: from an address of one of them, whose table leads through it alone. */
  const direct = async (ways: readonly Way[], destination: Endpoint): Promise<Socket | 'refused'> => {
    const raced = await connectBy(ways, () => destination, 'tcp')
    return raced.kind === 'connected' ? wrap(raced.fd) : 'refused'
  }

  const serve = async (near: Socket): Promise<void> => {
    const now = config()
    const destination = destinationOf(near)
    const isOurs = destination !== null && isIn(destination.address, now.routes)
    if (!isOurs || !serves(near.remoteAddress ?? '')) return void near.resetAndDestroy()
    const ways = turns.next(now)
    const far = (await relayed(ways, destination)) ?? (await direct(ways, destination))
    if (far === 'refused') return void near.resetAndDestroy()
    if (near.destroyed) return void far.destroy()
    splice(near, far)
  }

  return createServer({ allowHalfOpen: true, pauseOnConnect: true }, (near) => {
    near.on('error', () => undefined)
    void serve(near).catch((error: unknown) => {
      say(`a connection was lost: ${String(error)}`)
      near.resetAndDestroy()
    })
  })
}
