import type { FlowSample } from '../../contract/helper.ts'
import { contains, parseNetwork } from '../../domain/addressing.ts'
import type { HostState } from '../../domain/host-state.ts'
import { slotOfInterface } from '../../domain/ours.ts'
import { activeNumbers } from '../carry-lines.ts'
import type { System } from '../system.ts'
import { askRoutes, type RoutedFlow } from './ask-route.ts'
import { laneOfMark, observeConntrack, type TrackedFlow } from './conntrack.ts'
import { parseSs, type SocketFlow } from './parse-ss.ts'

/** More would not fit a frame of the contract; the largest are told. */
const MOST = 500

type End = { readonly address: string; readonly port: number }

const endOf = (text: string): End => {
  const at = text.lastIndexOf(':')
  return { address: text.slice(0, at), port: Number(text.slice(at + 1)) }
}

const keyOf = ({ source, sourcePort, address, port }: TrackedFlow): string =>
  `${source}:${sourcePort} ${address}:${port}`

/** What the bundle leads to: the private networks, and the bastions' ends of the relay. */
const networksOf = ({ routes, relay }: HostState): string[] => [
  ...routes,
  ...(relay?.bastions.map(({ address }) => `${address}/32`) ?? []),
]

const lies = (address: string, networks: readonly string[]): boolean => {
  const one = parseNetwork(`${address}/32`)
  return (
    one !== null &&
    networks.some((network) => {
      const outer = parseNetwork(network)
      return outer !== null && contains(outer, one)
    })
  )
}

const observeSockets = async ({ runner }: System, networks: readonly string[]): Promise<SocketFlow[]> => {
  const filter = networks.flatMap((network, at) => [...(at === 0 ? [] : ['or']), 'dst', network])
  const { stdout, code } = await runner.run('ss', ['-tinHOe', '(', ...filter, ')'])
  return code === 0 ? parseSs(stdout) : []
}

/** A connection of another machine that passes through here, or UDP: known to connection tracking alone. Bytes only. */
const trackedSample = (
  { protocol, source, sourcePort, address, port, mark, sentBytes, receivedBytes }: TrackedFlow,
  lanes: readonly number[],
): FlowSample => ({
  local: `${source}:${sourcePort}`,
  remote: `${address}:${port}`,
  tunnel: laneOfMark(mark, lanes),
  mptcpToken: null,
  backup: false,
  bytesSent: sentBytes ?? 0,
  bytesReceived: receivedBytes ?? 0,
  deliveryBitsPerSecond: null,
  pacingBitsPerSecond: null,
  rttMs: null,
  congestionWindow: null,
  congestionControl: protocol === 'udp' ? 'udp' : '',
  retransmits: 0,
  busyMs: 0,
  receiverLimitedMs: 0,
  sendBufferLimitedMs: 0,
  applicationLimited: false,
  uid: null,
})

const bytesOf = ({ bytesSent, bytesReceived }: FlowSample): number => bytesSent + bytesReceived

/** The tunnel whose own address a connection begins at: a subflow bound to it. */
const boundTunnel = ({ tunnels }: HostState, { address }: End): number | null =>
  slotOfInterface(tunnels.find((tunnel) => tunnel.address.split('/')[0] === address)?.name ?? '')

/** The tunnels of connections that are bound to none, as the kernel routes them by mark or hash. */
const askTunnels = async (
  { runner }: System,
  state: HostState,
  flows: readonly (SocketFlow & { readonly mark: number | null })[],
): Promise<(number | null)[]> => {
  const isKnown = ({ mark, mptcpToken }: (typeof flows)[number]): boolean =>
    // What the relay takes over ends on this host: only its own connections go through the tunnels.
    (state.relay === null || mptcpToken !== null) && (state.spread === 'hash' || mark !== null)
  const asked = flows.filter(isKnown)
  const slots = await askRoutes(
    runner,
    asked.map(({ local, remote, mark }): RoutedFlow => {
      const from = endOf(local)
      return { source: from.address, sourcePort: from.port, ...endOf(remote), mark: mark ?? 0 }
    }),
  )
  return flows.map((flow) => slots?.[asked.indexOf(flow)] ?? null)
}

/**
 * Connections over the bundle that `state` describes, largest first, each with the tunnel it rides: that of its own address,
 * or the one the kernel, asked now, sends it through. Those of other machines, and UDP, are told where the kernel counts them.
 */
export const observeFlows = async (system: System, state: HostState | null): Promise<FlowSample[]> => {
  const networks = state === null ? [] : networksOf(state)
  if (state === null || networks.length === 0) return []
  const [sockets, tracked] = await Promise.all([
    observeSockets(system, networks),
    observeConntrack(system, state.spread === 'round-robin', ({ address }) => lies(address, networks)),
  ])
  const marks = new Map(tracked.map((flow) => [keyOf(flow), flow.mark]))
  const marked = sockets.map((flow) => ({ ...flow, mark: marks.get(`${flow.local} ${flow.remote}`) ?? null }))
  const free = marked.filter(({ local }) => boundTunnel(state, endOf(local)) === null)
  const asked = await askTunnels(system, state, free)
  const own = marked.map((flow): FlowSample => {
    const { mark: _, ...sample } = flow
    return { ...sample, tunnel: boundTunnel(state, endOf(flow.local)) ?? asked[free.indexOf(flow)] ?? null }
  })
  const known = new Set(sockets.map(({ local, remote }) => `${local} ${remote}`))
  const others = tracked
    .filter((flow) => flow.sentBytes !== null && !known.has(keyOf(flow)))
    .map((flow) => trackedSample(flow, activeNumbers(state)))
  return [...own, ...others].toSorted((a, b) => bytesOf(b) - bytesOf(a)).slice(0, MOST)
}
