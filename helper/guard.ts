import { MoleError } from '../contract/errors.ts'
import {
  contains,
  FORBIDDEN_NETWORKS,
  type Network,
  overlaps,
  parseNetwork,
  renderNetwork,
} from '../domain/addressing.ts'
import type { HostState } from '../domain/host-state.ts'
import type { Surroundings } from './observe/facts.ts'

/** A network the tunnels may not claim, and whose it is. */
type Protected = { readonly network: Network; readonly owner: string }
type Claim = { readonly field: string; readonly text: string; readonly network: Network; readonly what: string }

const networkOf = (text: string): Network | null => parseNetwork(text.includes('/') ? text : `${text}/32`)

const protect = (texts: readonly string[], owner: (text: string) => string): Protected[] =>
  texts.flatMap((text) => {
    const network = networkOf(text)
    return network === null ? [] : [{ network, owner: owner(text) }]
  })

const claim = (field: string, text: string, what: string): Claim[] => {
  const network = networkOf(text)
  return network === null ? [] : [{ field, text, network, what }]
}

const refuse = ({ field, text, what }: Claim, why: string): MoleError =>
  new MoleError('bad-input', `${what} ${text} ${why}.`, {
    field,
    meaning: 'It would cut this machine off from what it needs. Nothing was changed.',
    nextStep: `Choose another network for "${field}".`,
  })

const reserved: readonly Protected[] = FORBIDDEN_NETWORKS.map((network) => ({
  network,
  owner: `${renderNetwork(network)}, which is loopback, link-local (with the cloud's metadata service) or reserved (RFC 6890)`,
}))

const routesOf = ({ routes }: HostState): Claim[] =>
  routes.flatMap((route, at) => claim(`routes.${at}`, route, 'The route to'))

const addressesOf = ({ tunnels, sourceAddress }: HostState): Claim[] => [
  ...tunnels.flatMap(({ address }, at) => claim(`tunnels.${at}.address`, address, 'The tunnel address')),
  ...(sourceAddress === null ? [] : claim('sourceAddress', sourceAddress, 'The source address')),
]

/** What a peer may send from: it may not pretend to be this machine's own network. */
const peerNetworksOf = ({ tunnels }: HostState): Claim[] =>
  tunnels.flatMap(({ peer }, at) =>
    peer.allowedNetworks.flatMap((network, nth) =>
      claim(`tunnels.${at}.peer.allowedNetworks.${nth}`, network, "The peer's network"),
    ),
  )

const checkDefault = (claims: readonly Claim[]): void => {
  for (const each of claims) if (each.network.prefix === 0) throw refuse(each, 'is the default route itself')
}

const checkOverlap = (claims: readonly Claim[], protecteds: readonly Protected[]): void => {
  for (const each of claims) {
    const hit = protecteds.find(({ network }) => overlaps(network, each.network))
    if (hit !== undefined) throw refuse(each, `overlaps ${hit.owner}`)
  }
}

/** For single hosts, and for networks that are only in danger when they are taken whole. */
const checkCover = (claims: readonly Claim[], protecteds: readonly Protected[]): void => {
  for (const each of claims) {
    const hit = protecteds.find(({ network }) => contains(each.network, network))
    if (hit !== undefined) throw refuse(each, `covers ${hit.owner}`)
  }
}

const checkTunnelsApart = (state: HostState): void => {
  const claims = addressesOf(state)
  claims.forEach((each, at) => {
    const other = claims.slice(0, at).find(({ network }) => overlaps(network, each.network))
    if (other !== undefined) throw refuse(each, `overlaps ${other.text} of "${other.field}"`)
  })
}

/**
 * Refuses a state whose routes or addresses would take traffic away from the host itself: the default route, connected
 * and management networks, loopback, link-local, the metadata service, the tunnels' own endpoints, the name servers, and `sshClients`, where people are logged in from.
 * Our rule is asked before table `main`, so that any overlap would win. Pure.
 * @throws MoleError `bad-input` with the field.
 */
export const guard = (state: HostState, around: Surroundings, sshClients: readonly string[]): void => {
  const connected = protect(around.connected, (text) => `${text}, a network this machine stands in`)
  const hosts = [
    ...protect(around.gateways, (text) => `${text}, the gateway of this machine`),
    ...protect(around.nameservers, (text) => `${text}, a name server of /etc/resolv.conf`),
    ...protect(sshClients, (text) => `${text}, from where somebody is logged in by SSH`),
  ]
  const routed = protect(around.routed, (text) => `${text}, which this machine has a route of its own to`)
  const endpoints = state.tunnels.flatMap(({ name, peer }) =>
    protect([peer.endpoint.address], (text) => `${text}, the endpoint of ${name} itself`),
  )
  const inner = addressesOf(state).flatMap(({ network, text, field }) => [
    { network, owner: `${text}, the address of "${field}"` },
  ])
  const taken = [...routesOf(state), ...addressesOf(state)]
  const claims = [...taken, ...peerNetworksOf(state)]
  checkDefault(claims)
  checkOverlap(claims, [...reserved, ...connected])
  checkCover(taken, [...hosts, ...routed, ...endpoints])
  checkOverlap(routesOf(state), inner)
  checkTunnelsApart(state)
}
