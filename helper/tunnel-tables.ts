import { overlaps, parseNetwork } from '../domain/addressing.ts'
import type { HostState, TunnelInterface } from '../domain/host-state.ts'
import { slotOfInterface } from '../domain/ours.ts'
import { dealOf } from './deal.ts'
import type { TunnelRouteFacts, TunnelRuleFacts } from './observe/facts.ts'

/** Addresses of the bastion that all its tunnels lead to: hosts its peer may send from, outside the tunnel's own network. */
const commonAddresses = ({ address, peer }: TunnelInterface, routes: readonly string[]): string[] => {
  const own = parseNetwork(address)
  return peer.allowedNetworks.filter((text) => {
    const network = parseNetwork(text)
    const isOwn = own !== null && network !== null && overlaps(own, network)
    return network?.prefix === 32 && !isOwn && !routes.includes(text)
  })
}

/** Where the agents of the bastions listen. Pure; ascending. */
export const agentAddresses = ({ tunnels, routes }: HostState): string[] => {
  const all = tunnels.flatMap((tunnel) => commonAddresses(tunnel, routes))
  return [...new Set(all.map((network) => network.split('/')[0] ?? ''))].toSorted()
}

/**
 * The tables of single tunnels. A network of the bundle that is not found there, as the tunnel is down, is looked up in the
 * bundle's table next; the bastion's own address is found nowhere else, so a blackhole keeps it from the default route. Pure.
 */
export const wantedTunnelRoutes = ({ tunnels, routes, congestion }: HostState): TunnelRouteFacts[] =>
  tunnels.flatMap((tunnel) => {
    const number = slotOfInterface(tunnel.name) ?? 0
    const commons = [...new Set(commonAddresses(tunnel, routes))]
    return [
      ...commons.map((network) => ({ number, network, via: 'blackhole', congestion: null }) as const),
      ...[...commons, ...routes].map((network) => ({ number, network, via: 'tunnel', congestion }) as const),
    ]
  })

/**
 * What is looked up there: what comes from a tunnel's own address (an echo, a subflow, a word to the bastion's agent), and
 * what was dealt to a tunnel while it is among those `carrying` (lane numbers). Pure.
 */
export const wantedTunnelRules = (desired: HostState, carrying: readonly number[]): TunnelRuleFacts[] => [
  ...desired.tunnels.map(({ name, address }) => ({
    number: slotOfInterface(name) ?? 0,
    from: address.split('/')[0] ?? '',
  })),
  ...(dealOf(desired) === null ? [] : carrying.map((number) => ({ number, from: null }))),
]
