import { CongestionControl } from '../../domain/carriage.ts'
import { HostState, NOTHING, type Peer, TunnelInterface } from '../../domain/host-state.ts'
import { relayConfigOf } from '../relay/config.ts'
import type { Facts, LinkFacts, PeerFacts } from './facts.ts'

/** What observed facts do not say by themselves. */
type Names = {
  readonly keyNameOf: (publicKey: string) => string | null
  /** What was last asked for: which sysctls are ours, and what leaves no trace of its own. */
  readonly asked: HostState
}

export type Reading = {
  readonly state: HostState
  /** What is there but cannot be said in a `HostState`: half-made things. */
  readonly remarks: readonly string[]
}

/** Stands for a key pair that is not kept here. */
const UNKNOWN_KEY = 'unknown'

const parseEndpoint = (endpoint: string | null): Peer['endpoint'] | null => {
  const [, address, port] = /^([0-9.]+):([0-9]+)$/.exec(endpoint ?? '') ?? []
  return address === undefined ? null : { address, port: Number(port) }
}

const readPeer = ({ publicKey, endpoint, allowedNetworks, keepaliveSeconds }: PeerFacts): unknown => ({
  publicKey,
  endpoint: parseEndpoint(endpoint),
  allowedNetworks,
  keepaliveSeconds,
})

const readTunnel = ({ name, mtuBytes, addresses, wireguard }: LinkFacts, names: Names): TunnelInterface | null => {
  const [peer, ...otherPeers] = wireguard?.peers ?? []
  const [address, ...otherAddresses] = addresses
  if (peer === undefined || otherPeers.length > 0 || otherAddresses.length > 0) return null
  const keyName = names.keyNameOf(wireguard?.publicKey ?? '') ?? UNKNOWN_KEY
  const listenPort = wireguard?.listenPort
  return TunnelInterface.safeParse({ name, address, mtuBytes, listenPort, keyName, peer: readPeer(peer) }).data ?? null
}

const clampIn = ({ nft }: Facts): boolean => typeof nft === 'object' && nft.clamp

/** Where nothing can be dealt out, nothing shows how it would be. */
const spreadIn = ({ nft, group }: Facts, asked: HostState): HostState['spread'] =>
  typeof nft === 'object' && nft.deal !== null ? 'round-robin' : group === null ? asked.spread : 'hash'

const mptcpIn = ({ mptcp, group }: Facts, asked: HostState): HostState['mptcp'] =>
  group === null || (mptcp?.endpoints.length ?? 0) > 0 ? asked.mptcp : null

/** One that is not ours to ask for is drift, as the diff tells; where there is no route, nothing shows it. */
const congestionIn = ({ routes, tunnelRoutes }: Facts, asked: HostState): HostState['congestion'] => {
  const over = [...routes, ...tunnelRoutes].find(({ via }) => via !== 'blackhole')
  return over === undefined ? asked.congestion : (CongestionControl.safeParse(over.congestion).data ?? null)
}

/** Where nothing can be carried, nothing shows whether it would be. */
const relayIn = ({ relay }: Facts, asked: HostState): HostState['relay'] =>
  relayConfigOf(asked) === null || (relay !== null && relay !== 'broken') ? asked.relay : null

/** What is there of ours, in the terms in which it is asked for. Pure. */
export const readHostState = (facts: Facts, names: Names): Reading => {
  const read = facts.links.map((link) => [link.name, readTunnel(link, names)] as const)
  const tunnels = read.flatMap(([, tunnel]) => (tunnel === null ? [] : [tunnel]))
  const slots = facts.group ?? []
  const sourceAddress = facts.sourceAddresses[0]?.split('/')[0] ?? null
  const state = HostState.safeParse({
    tunnels,
    routes: [...new Set(facts.routes.map(({ network }) => network))],
    active: tunnels.map(({ name }) => name).filter((name) => slots.some((slot) => name === `mole${slot}`)),
    sourceAddress,
    sysctls: names.asked.sysctls.flatMap(({ name }) => {
      const value = facts.sysctls[name]
      return value === undefined ? [] : [{ name, value }]
    }),
    mssClamp: clampIn(facts),
    spread: spreadIn(facts, names.asked),
    mptcp: mptcpIn(facts, names.asked),
    congestion: congestionIn(facts, names.asked),
    probe: names.asked.probe,
    relay: relayIn(facts, names.asked),
    tuning: names.asked.tuning,
  })
  const halfMade = read.flatMap(([name, tunnel]) => (tunnel === null ? [`${name} is half-made`] : []))
  if (state.success) return { state: state.data, remarks: halfMade }
  const bare = { ...NOTHING, tunnels, sourceAddress, mssClamp: clampIn(facts) }
  return { state: bare, remarks: [...halfMade, 'routes are there without a source address'] }
}
