import { isDeepStrictEqual as isSame } from 'node:util'
import { overlaps, parseNetwork } from '../domain/addressing.ts'
import type { HostState, TunnelInterface } from '../domain/host-state.ts'
import { slotOfInterface } from '../domain/ours.ts'
import { carriersOf } from './carriers.ts'
import { activeNumbers } from './carry-lines.ts'
import { dealOf } from './deal.ts'
import { changeEndpoints, looseEndpoint, WANTED_LIMITS, wantedEndpoints } from './mptcp-endpoints.ts'
import type {
  Facts,
  Flavour,
  LinkFacts,
  MptcpFacts,
  MptcpLimits,
  NftFacts,
  PeerFacts,
  RouteFacts,
  TunnelRouteFacts,
  WireGuardFacts,
} from './observe/facts.ts'
import type { Operation } from './operation.ts'
import { relayConfigOf } from './relay/config.ts'
import { tune, untune } from './tuning/diff.ts'
import type { TuningKnown } from './tuning/known.ts'
import { agentAddresses, wantedTunnelRoutes, wantedTunnelRules } from './tunnel-tables.ts'
import { wantedSysctls } from './wanted-sysctls.ts'

/** A sysctl we changed: what it was before, and what we made of it. */
export type SysctlOrigin = {
  readonly name: HostState['sysctls'][number]['name']
  readonly original: number
  readonly ours: number
}

/** What the host itself does not tell. */
export type Known = {
  /** Public key of a key pair kept here. */
  readonly publicKeyOf: (keyName: string) => string
  /** The endpoint last asked for of a tunnel's peer: if it has another one now it has roamed, which is no drift. */
  readonly askedEndpointOf: (tunnelName: string, peerPublicKey: string) => string | null
  readonly sysctlOrigins: readonly SysctlOrigin[]
  /** Limits of Multipath TCP before our first change; `null` when we made none. */
  readonly limitsOrigin: MptcpLimits | null
  /** Lane numbers of tunnels that are dead: they carry nothing, whatever is asked for, until they are well again. */
  readonly withdrawn: ReadonlySet<number>
  readonly tuning: TuningKnown
  /** How new interfaces are made. */
  readonly flavour: Flavour
}

type Context = { readonly facts: Facts; readonly desired: HostState; readonly known: Known }
type Part = (context: Context) => Operation[]

const without = <T>(items: readonly T[], others: readonly T[]): T[] => items.filter((item) => !others.includes(item))
const slotOf = (name: string): number => slotOfInterface(name) ?? 0
const wantedSource = ({ sourceAddress }: HostState): string[] => (sourceAddress === null ? [] : [`${sourceAddress}/32`])
/** The items that are not among `others`. */
const missing = <T>(items: readonly T[], others: readonly T[]): T[] =>
  items.filter((item) => !others.some((other) => isSame(item, other)))
const linkOf = ({ links }: Facts, name: string): LinkFacts | undefined => links.find((link) => link.name === name)

/** What the kernel takes along with an interface: its next hop, the group and routes that stood on it alone. */
export const withoutLink = (facts: Facts, name: string): Facts => {
  const group = facts.group?.filter((slot) => slot !== slotOf(name)) ?? []
  return {
    ...facts,
    links: facts.links.filter((link) => link.name !== name),
    nexthops: facts.nexthops.filter(({ device }) => device !== name),
    group: group.length === 0 ? null : group,
    routes: facts.routes.filter(({ via }) => via === 'blackhole' || group.length > 0),
    tunnelRoutes: facts.tunnelRoutes.filter(({ number, via }) => via === 'blackhole' || number !== slotOf(name)),
    mptcp: facts.mptcp && withLooseEndpoint(facts.mptcp, slotOf(name)),
  }
}

/** An endpoint stays when its interface goes, and is of no use any more. */
const withLooseEndpoint = (mptcp: MptcpFacts, number: number): MptcpFacts => {
  const endpoints = mptcp.endpoints.filter((endpoint) => endpoint.number !== number)
  const isLoose = endpoints.length < mptcp.endpoints.length
  return { ...mptcp, endpoints, loose: isLoose ? [...mptcp.loose, number] : mptcp.loose }
}

const setSysctls: Part = ({ facts, desired }) =>
  wantedSysctls(desired).flatMap(({ name, value }) => {
    const was = facts.sysctls[name]
    return was === undefined || was === value ? [] : [{ kind: 'sysctl', name, to: value, was }]
  })

/** Only what still holds our value is put back; what somebody else has changed since is theirs. */
const restoreSysctls: Part = ({ facts, desired, known }) =>
  known.sysctlOrigins
    .filter(({ name, ours, original }) => {
      const isWanted = wantedSysctls(desired).some((sysctl) => sysctl.name === name)
      return !isWanted && facts.sysctls[name] === ours && original !== ours
    })
    .map(({ name, original, ours }) => ({ kind: 'sysctl', name, to: original, was: ours }))

const wantedNft = (desired: HostState): NftFacts | null => {
  const wanted = { clamp: desired.mssClamp, deal: dealOf(desired), agents: agentAddresses(desired) }
  return wanted.clamp || wanted.deal !== null || wanted.agents.length > 0 ? wanted : null
}

const nftNow = ({ nft }: Facts): NftFacts | null | 'other' => (nft === 'absent' ? null : nft)

const setNft: Part = ({ facts, desired }) => {
  const [to, was] = [wantedNft(desired), nftNow(facts)]
  return to === null || isSame(to, was) ? [] : [{ kind: 'nft', to, was }]
}

const removeNft: Part = ({ facts, desired }) => {
  const was = nftNow(facts)
  return wantedNft(desired) === null && was !== null ? [{ kind: 'nft', to: null, was }] : []
}

const setLimits: Part = ({ facts, desired }) => {
  const was = facts.mptcp?.limits
  return desired.mptcp === null || was === undefined || isSame(was, WANTED_LIMITS)
    ? []
    : [{ kind: 'mptcp-limits', to: WANTED_LIMITS, was }]
}

/** As with sysctls: only what is still ours. */
const restoreLimits: Part = ({ facts, desired, known: { limitsOrigin } }) =>
  desired.mptcp !== null || limitsOrigin === null || !isSame(facts.mptcp?.limits, WANTED_LIMITS)
    ? []
    : [{ kind: 'mptcp-limits', to: limitsOrigin, was: WANTED_LIMITS }]

const addLinks: Part = ({ facts, desired, known }) =>
  desired.tunnels
    .filter(({ name }) => linkOf(facts, name) === undefined)
    .map(({ name }) => ({ kind: 'link', name, to: known.flavour, was: null }))

const removeLinks =
  (isDoomed: (link: LinkFacts, desired: HostState) => boolean): Part =>
  ({ facts, desired }) =>
    facts.links
      .filter((link) => isDoomed(link, desired))
      .map((was) => ({ kind: 'link', name: was.name, to: null, was }))

const isWanted = ({ name }: LinkFacts, { tunnels }: HostState): boolean =>
  tunnels.some((tunnel) => tunnel.name === name)

/** An interface nobody serves any more: it cannot be configured, only made anew. */
const isDead = (link: LinkFacts, desired: HostState): boolean => link.wireguard === null && isWanted(link, desired)
const removeDeadLinks = removeLinks(isDead)
const removeUnwantedLinks = removeLinks((link, desired) => !isWanted(link, desired))

const wantedPeer = ({ name, peer }: TunnelInterface, now: PeerFacts | undefined, known: Known): PeerFacts => {
  const asked = `${peer.endpoint.address}:${peer.endpoint.port}`
  const hasRoamed = now?.endpoint != null && known.askedEndpointOf(name, peer.publicKey) === asked
  return {
    publicKey: peer.publicKey,
    endpoint: hasRoamed ? now.endpoint : asked,
    allowedNetworks: [...new Set(peer.allowedNetworks)].toSorted(),
    keepaliveSeconds: peer.keepaliveSeconds,
  }
}

const setWireGuard: Part = ({ facts, desired, known }) =>
  desired.tunnels.flatMap((tunnel) => {
    const link = linkOf(facts, tunnel.name)
    const was = link?.wireguard ?? null
    const peerNow = was?.peers.find(({ publicKey }) => publicKey === tunnel.peer.publicKey)
    const to: WireGuardFacts = {
      publicKey: known.publicKeyOf(tunnel.keyName),
      listenPort: tunnel.listenPort,
      peers: [wantedPeer(tunnel, peerNow, known)],
    }
    const flavour = link?.flavour ?? known.flavour
    return isSame(to, was) ? [] : [{ kind: 'wireguard', name: tunnel.name, flavour, to, was }]
  })

const setLinks: Part = ({ facts, desired }) =>
  desired.tunnels.flatMap(({ name, mtuBytes }) => {
    const link = linkOf(facts, name)
    const to = { mtuBytes, isUp: true }
    const was = link === undefined ? null : { mtuBytes: link.mtuBytes, isUp: link.isUp }
    return isSame(to, was) ? [] : [{ kind: 'settings', name, to, was }]
  })

const setAddresses = (device: string, has: readonly string[], wanted: readonly string[]): Operation[] => {
  const change = (address: string, to: boolean, was = !to): Operation => ({ kind: 'address', device, address, to, was })
  // Removing an address takes along younger ones of the same network (`promote_secondaries`, ip-sysctl.rst):
  // so the youngest goes first, and what was taken along is given back.
  const removed = without(has, wanted).toReversed()
  const taken = wanted.filter((address) => removed.some((other) => sharesNetwork(address, other)))
  return [
    ...without(wanted, has).map((address) => change(address, true)),
    ...removed.map((address) => change(address, false)),
    ...taken.map((address) => change(address, true, has.includes(address))),
  ]
}

const sharesNetwork = (a: string, b: string): boolean => {
  const [one, other] = [parseNetwork(a), parseNetwork(b)]
  return one !== null && other !== null && overlaps(one, other)
}

const setTunnelAddresses: Part = ({ facts, desired }) =>
  desired.tunnels.flatMap(({ name, address }) => setAddresses(name, linkOf(facts, name)?.addresses ?? [], [address]))

const addSource: Part = ({ facts, desired }) =>
  setAddresses('lo', facts.sourceAddresses, [...facts.sourceAddresses, ...wantedSource(desired)])

const removeSource: Part = ({ facts, desired }) =>
  without(facts.sourceAddresses, wantedSource(desired)).map((address) => ({
    kind: 'address',
    device: 'lo',
    address,
    to: false,
    was: true,
  }))

const addNexthops: Part = ({ facts, desired }) =>
  desired.tunnels.flatMap(({ name }) => {
    const slot = slotOf(name)
    const was = facts.nexthops.find((nexthop) => nexthop.slot === slot)?.device ?? null
    return was === name ? [] : [{ kind: 'nexthop', slot, to: name, was }]
  })

const removeNexthops: Part = ({ facts, desired }) =>
  facts.nexthops
    .filter(({ slot }) => !desired.tunnels.some(({ name }) => slotOf(name) === slot))
    .map(({ slot, device }) => ({ kind: 'nexthop', slot, to: null, was: device }))

const carriers = ({ facts, desired, known }: Context): number[] =>
  carriersOf(activeNumbers(desired), known.withdrawn, facts.group)

const setGroup: Part = (context) => {
  const { facts } = context
  const to = carriers(context)
  return to.length === 0 || isSame(to, facts.group) ? [] : [{ kind: 'group', to, was: facts.group }]
}

const removeGroup: Part = ({ facts, desired }) =>
  desired.active.length === 0 && facts.group !== null ? [{ kind: 'group', to: null, was: facts.group }] : []

/** The blackhole of each network comes first: from then on nothing leaks, whatever happens to the tunnels. */
const wantedRoutes = ({ routes, active, sourceAddress, congestion }: HostState): RouteFacts[] => [
  ...routes.map((network) => ({ network, via: 'blackhole', source: null, congestion: null }) as const),
  ...(active.length === 0
    ? []
    : routes.map((network) => ({ network, via: 'bundle', source: sourceAddress, congestion }) as const)),
]

const isSameRoute = (a: RouteFacts, b: RouteFacts): boolean => a.network === b.network && a.via === b.via

const addRoutes: Part = ({ facts, desired }) =>
  wantedRoutes(desired).flatMap((wanted) => {
    const now = facts.routes.find((route) => isSameRoute(route, wanted))
    const was = now === undefined ? null : { source: now.source, congestion: now.congestion }
    const to = { source: wanted.source, congestion: wanted.congestion }
    return isSame(to, was) ? [] : [{ kind: 'route', network: wanted.network, via: wanted.via, to, was }]
  })

const removeRoutes: Part = ({ facts, desired }) => {
  const wanted = wantedRoutes(desired)
  const doomed = facts.routes.filter((route) => !wanted.some((other) => isSameRoute(route, other)))
  const remove = ({ network, via, source, congestion }: RouteFacts): Operation => ({
    kind: 'route',
    network,
    via,
    to: null,
    was: { source, congestion },
  })
  return [...doomed.filter(({ via }) => via === 'bundle'), ...doomed.filter(({ via }) => via === 'blackhole')].map(
    remove,
  )
}

const addRules: Part = ({ facts, desired }) =>
  without(desired.routes, facts.rules).map((network) => ({ kind: 'rule', network, to: true }))

const removeRules: Part = ({ facts, desired }) =>
  without(facts.rules, desired.routes).map((network) => ({ kind: 'rule', network, to: false }))

const isSameTunnelRoute = (a: TunnelRouteFacts, b: TunnelRouteFacts): boolean =>
  a.number === b.number && a.network === b.network && a.via === b.via

const addTunnelRoutes: Part = ({ facts, desired }) =>
  missing(wantedTunnelRoutes(desired), facts.tunnelRoutes).map((wanted) => {
    const { congestion, ...route } = wanted
    const now = facts.tunnelRoutes.find((other) => isSameTunnelRoute(other, wanted))
    const was = now === undefined ? null : { congestion: now.congestion }
    return { kind: 'tunnel-route', ...route, to: { congestion }, was }
  })

const removeTunnelRoutes: Part = ({ facts, desired }) => {
  const wanted = wantedTunnelRoutes(desired)
  return facts.tunnelRoutes
    .filter((now) => !wanted.some((other) => isSameTunnelRoute(now, other)))
    .map(({ congestion, ...route }) => ({ kind: 'tunnel-route', ...route, to: null, was: { congestion } }))
}

const addTunnelRules: Part = (context) =>
  missing(wantedTunnelRules(context.desired, carriers(context)), context.facts.tunnelRules).map((rule) => ({
    kind: 'tunnel-rule',
    ...rule,
    to: true,
  }))

const removeTunnelRules: Part = (context) =>
  missing(context.facts.tunnelRules, wantedTunnelRules(context.desired, carriers(context))).map((rule) => ({
    kind: 'tunnel-rule',
    ...rule,
    to: false,
  }))

const setEndpoints: Part = (context) => {
  const { mptcp } = context.facts
  if (mptcp === null) return []
  const wanted = wantedEndpoints(context.desired, carriers(context), mptcp.others)
  return [
    ...mptcp.loose.map((number): Operation => ({ kind: 'stray', ...looseEndpoint(number) })),
    ...changeEndpoints(mptcp.endpoints, wanted, mptcp.others),
  ]
}

const setRelay: Part = ({ facts, desired }) => {
  const to = relayConfigOf(desired)
  return to === null || isSame(to, facts.relay) ? [] : [{ kind: 'relay', to, was: facts.relay }]
}

const removeRelay: Part = ({ facts, desired }) =>
  facts.relay !== null && relayConfigOf(desired) === null ? [{ kind: 'relay', to: null, was: facts.relay }] : []

const removeStrays: Part = ({ facts }) => facts.strays.map((stray) => ({ kind: 'stray', ...stray }))

const setTuning: Part = ({ facts, desired, known }) => tune(facts.tuning, desired, known.tuning)
const restoreTuning: Part = ({ facts, desired, known }) => untune(facts.tuning, desired, known.tuning)

/** Build from the ground up, with the rule that diverts traffic last; … */
const ADD: readonly Part[] = [
  setSysctls,
  setNft,
  setLimits,
  addLinks,
  setWireGuard,
  setLinks,
  setTunnelAddresses,
  addSource,
  addNexthops,
  addTunnelRoutes,
  addTunnelRules,
  setGroup,
  setEndpoints,
  addRoutes,
  addRules,
  setRelay,
  setTuning,
]

/** … then take down from the top: when an interface goes, nothing points to it any more. */
const REMOVE: readonly Part[] = [
  restoreTuning,
  removeRelay,
  removeRules,
  removeTunnelRules,
  removeRoutes,
  removeTunnelRoutes,
  removeStrays,
  removeGroup,
  removeNexthops,
  removeSource,
  removeUnwantedLinks,
  removeNft,
  restoreLimits,
  restoreSysctls,
]

/**
 * The operations, in order, that lead from `facts` to `desired`; `[]` when the host is so already. What is new is
 * added before what is old goes, so that tunnels that stay carry traffic throughout. Pure.
 */
export const diff = (facts: Facts, desired: HostState, known: Known): Operation[] => {
  const first = removeDeadLinks({ facts, desired, known })
  const living = facts.links
    .filter((link) => isDead(link, desired))
    .reduce((rest, { name }) => withoutLink(rest, name), facts)
  const context: Context = { facts: living, desired, known }
  return [...first, ...[...ADD, ...REMOVE].flatMap((part) => part(context))]
}
