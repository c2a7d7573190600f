import { MoleError } from '../../contract/errors.ts'
import { type Network, parseNetwork, renderNetwork } from '../../domain/addressing.ts'
import type { BastionRecord } from './record.ts'

/**
 * Names and addresses of the lab (RFC 5737 documentation networks), and the `ip -batch` texts that make it:
 *
 *     DTN wan0 198.51.100.2 ── inet ┬─ eth0 203.0.113.10 bastion eth1 ─┬─ private
 *                                   └─ eth0 203.0.113.11 bastion eth1 ─┘
 *
 * The DTN is the namespace the helper itself runs in. A private network is the namespace of its research resource, with
 * a link to each of the deployment's bastions. There is no bridge between them: a port of one takes up to a second
 * before it forwards, until the kernel has heard that its other end is up.
 */

/** Namespaces are files here (`ip-netns(8)`), on the world's own /run. */
const NAMESPACES = '/run/netns'
/** The router that stands for the internet. */
export const ROUTER = 'inet'
/** The router's interface towards the DTN. */
export const ROUTER_TO_DTN = 'dtn'

export const namespacePath = (name: string): string => `${NAMESPACES}/${name}`

export type BastionPlace = {
  readonly bastionNamespace: string
  /** Shared by all bastions of one private network. */
  readonly privateNamespace: string
  /** The interface towards this bastion, in the router and in the private network. */
  readonly routerInterface: string
  /** Table of this bastion's paths in the router. */
  readonly pathTable: string
  readonly publicAddress: string
  readonly gatewayAddress: string
  readonly bastionPrivateAddress: string
  readonly resourceAddress: string
  readonly privatePrefix: number
}

const hostOf = (network: Network, offset: number): string =>
  renderNetwork({ base: network.base + offset, prefix: 32 }).split('/')[0] ?? ''

const tooSmall = (cidr: string): MoleError =>
  new MoleError('bad-input', `The private network ${cidr} is too small for the lab.`, {
    field: 'privateCidr',
    meaning: 'It must hold the bastions and the research resource.',
    nextStep: 'Use a /29 or larger network, such as 10.200.0.0/24; a /28 for more than 5 bastions.',
  })

const privateAddresses = (cidr: string, seat: number): { bastion: string; resource: string; prefix: number } => {
  const network = parseNetwork(cidr)
  if (network === null || network.prefix > 29) throw tooSmall(cidr)
  // .10 where the network is large enough, as in the pictures; else the second address. Bastions have the others.
  const resource = network.prefix <= 28 ? 10 : 2
  const bastion = seat < resource ? seat : seat + 1
  const lastHost = 2 ** (32 - network.prefix) - 2
  if (bastion > lastHost) throw tooSmall(cidr)
  return { bastion: hostOf(network, bastion), resource: hostOf(network, resource), prefix: network.prefix }
}

/**
 * Where a bastion is: everything follows from the numbers of it and of its private network.
 * @throws MoleError `bad-input` when the private network has no room for it.
 */
export const placeOf = ({
  index,
  privateCidr,
  network,
  seat,
}: Pick<BastionRecord, 'index' | 'privateCidr' | 'network' | 'seat'>): BastionPlace => {
  const inside = privateAddresses(privateCidr, seat)
  return {
    bastionNamespace: `bastion${index}`,
    privateNamespace: `private${network}`,
    routerInterface: `b${index}`,
    pathTable: `lab${index}`,
    publicAddress: `203.0.113.${9 + index}`,
    gatewayAddress: '203.0.113.1',
    bastionPrivateAddress: inside.bastion,
    resourceAddress: inside.resource,
    privatePrefix: inside.prefix,
  }
}

const batch = (lines: readonly string[]): string => `${lines.join('\n')}\n`

/** Run in the DTN: the router and the DTN's side of its link. */
export const renderRouter = (): string =>
  batch([
    `netns add ${ROUTER}`,
    `link add wan0 type veth peer name ${ROUTER_TO_DTN} netns ${ROUTER}`,
    'addr add 198.51.100.2/24 dev wan0',
    'link set wan0 up',
    'route add default via 198.51.100.1',
  ])

/** Run in the router. */
export const renderRouterInside = (): string =>
  batch(['link set lo up', `addr add 198.51.100.1/24 dev ${ROUTER_TO_DTN}`, `link set ${ROUTER_TO_DTN} up`])

/** Run in the DTN: the namespace of a bastion and its links to the router and the private network. */
export const renderBastionLinks = (place: BastionPlace): string =>
  batch([
    `netns add ${place.bastionNamespace}`,
    `link add ${place.routerInterface} netns ${ROUTER} type veth peer name eth0 netns ${place.bastionNamespace}`,
    `link add ${place.routerInterface} netns ${place.privateNamespace} type veth peer name eth1 netns ${place.bastionNamespace}`,
  ])

/** Run in the router: a point-to-point link, so that every bastion may have the same gateway. */
export const renderRouterSide = (place: BastionPlace): string =>
  batch([
    `addr add ${place.gatewayAddress} peer ${place.publicAddress} dev ${place.routerInterface}`,
    `link set ${place.routerInterface} up`,
  ])

/** Run in the bastion: what a cloud's DHCP would have given it. */
export const renderBastionSide = (place: BastionPlace): string =>
  batch([
    'link set lo up',
    `addr add ${place.publicAddress} peer ${place.gatewayAddress} dev eth0`,
    'link set eth0 up',
    `route add default via ${place.gatewayAddress}`,
    `addr add ${place.bastionPrivateAddress}/${place.privatePrefix} dev eth1`,
    'link set eth1 up',
  ])

/**
 * Run in the private network: a point-to-point link, so that the resource has one address towards every bastion. It
 * needs no route back to the DTN: the bastions masquerade.
 */
export const renderPrivateSide = (place: BastionPlace): string =>
  batch([
    'link set lo up',
    `addr add ${place.resourceAddress} peer ${place.bastionPrivateAddress} dev ${place.routerInterface}`,
    `link set ${place.routerInterface} up`,
  ])

/** Run in the router and the private network, with `-force`. A namespace dies some time after its last user; its links must be gone now. */
export const renderLinkRemoval = (place: BastionPlace): string => batch([`link del ${place.routerInterface}`])
