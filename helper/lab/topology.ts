import { MoleError } from '../../contract/errors.ts'
import { type Network, parseNetwork, renderNetwork } from '../../domain/addressing.ts'
import type { BastionRecord } from './record.ts'

/**
 * Names and addresses of the lab (RFC 5737 documentation networks), and the `ip -batch` texts that make it:
 *
 *     DTN wan0 198.51.100.2 ── inet ── eth0 203.0.113.x bastion eth1 ── eth0 private
 *
 * The DTN is the namespace the helper itself runs in.
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
  readonly privateNamespace: string
  /** The router's interface towards this bastion. */
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

const privateAddresses = (cidr: string): { bastion: string; resource: string; prefix: number } => {
  const network = parseNetwork(cidr)
  if (network === null || network.prefix > 29)
    throw new MoleError('bad-input', `The private network ${cidr} is too small for the lab.`, {
      field: 'privateCidr',
      meaning: 'It must hold the bastion and the research resource.',
      nextStep: 'Use a /29 or larger network, such as 10.200.0.0/24.',
    })
  // .10 where the network is large enough, as in the pictures; else the second address.
  return {
    bastion: hostOf(network, 1),
    resource: hostOf(network, network.prefix <= 28 ? 10 : 2),
    prefix: network.prefix,
  }
}

/** Where a bastion is: everything follows from its index and its private network. */
export const placeOf = ({ index, privateCidr }: Pick<BastionRecord, 'index' | 'privateCidr'>): BastionPlace => {
  const inside = privateAddresses(privateCidr)
  return {
    bastionNamespace: `bastion${index}`,
    privateNamespace: `private${index}`,
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

/** Run in the DTN: the namespaces of a bastion and the links between them. */
export const renderBastionLinks = (place: BastionPlace): string =>
  batch([
    `netns add ${place.bastionNamespace}`,
    `netns add ${place.privateNamespace}`,
    `link add ${place.routerInterface} netns ${ROUTER} type veth peer name eth0 netns ${place.bastionNamespace}`,
    `link add eth1 netns ${place.bastionNamespace} type veth peer name eth0 netns ${place.privateNamespace}`,
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

/** Run in the private subnet. It needs no route back to the DTN: the bastion masquerades. */
export const renderPrivateSide = (place: BastionPlace): string =>
  batch(['link set lo up', `addr add ${place.resourceAddress}/${place.privatePrefix} dev eth0`, 'link set eth0 up'])

/** Run in the DTN with `-force`: takes the namespaces away; the link between them goes with them. */
export const renderNamespaceRemoval = (place: BastionPlace): string =>
  batch([`netns del ${place.bastionNamespace}`, `netns del ${place.privateNamespace}`])

/** Run in the router with `-force`. A namespace dies some time after its last user; its link must be gone now. */
export const renderRouterSideRemoval = (place: BastionPlace): string => batch([`link del ${place.routerInterface}`])
