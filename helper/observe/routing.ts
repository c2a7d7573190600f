import { OURS } from '../../domain/ours.ts'
import type { Facts, RouteFacts, Stray } from './facts.ts'
import type { NexthopShown, RouteShown, RuleShown } from './ip-show.ts'

/** What of one kind is as we make it, and what only bears our label. */
type Sorted<T> = { readonly ours: readonly T[]; readonly strays: readonly Stray[] }

const PROTOCOL = String(OURS.routeProtocol)

/** `rtm_type` of `rtnetlink(7)`, as `ip -Numeric` prints it; names from older versions. */
const BLACKHOLE = ['6', 'blackhole']
const UNICAST = ['1', 'unicast', undefined]

const withPrefix = (network: string): string =>
  network === 'default' ? '0.0.0.0/0' : network.includes('/') ? network : `${network}/32`

const sort = <In, Out>(
  shown: readonly In[],
  read: (item: In) => Out | null,
  stray: (item: In) => Stray,
): Sorted<Out> => {
  const read_ = shown.map((item) => [item, read(item)] as const)
  return {
    ours: read_.flatMap(([, out]) => (out === null ? [] : [out])),
    strays: read_.flatMap(([item, out]) => (out === null ? [stray(item)] : [])),
  }
}

const readRoute = ({ type, dst, nhid, metric, prefsrc, protocol }: RouteShown): RouteFacts | null => {
  if (protocol !== PROTOCOL) return null
  const network = withPrefix(dst)
  if (type !== undefined && BLACKHOLE.includes(type) && metric === OURS.failClosedMetric)
    return { network, via: 'blackhole', source: null }
  const isBundle = UNICAST.includes(type) && nhid === OURS.nexthopGroup && metric === undefined
  return isBundle ? { network, via: 'bundle', source: prefsrc ?? null } : null
}

const strayRoute = ({ type, dst, metric }: RouteShown): Stray => {
  const metric_ = metric === undefined ? '' : ` metric ${metric}`
  const type_ = type === undefined || UNICAST.includes(type) ? '' : `${type} `
  return {
    text: `a route to ${dst} in table ${OURS.routingTable} that is not ours`,
    ip: `route delete ${type_}${withPrefix(dst)} table ${OURS.routingTable}${metric_}`,
  }
}

/** Routes of our table, which holds nothing else. Pure. */
export const readRoutes = (shown: readonly RouteShown[]): Sorted<RouteFacts> => sort(shown, readRoute, strayRoute)

const readRule = ({ priority, src, dst, dstlen, table }: RuleShown): string | null =>
  priority === OURS.rulePriority && table === String(OURS.routingTable) && src === 'all' && dst !== undefined
    ? `${dst}/${dstlen ?? 32}`
    : null

const strayRule = ({ priority, table }: RuleShown): Stray => ({
  text: `a rule of priority ${priority} to table ${table ?? 'unknown'} that bears our label`,
  ip: `rule delete priority ${priority} protocol ${OURS.routeProtocol}`,
})

/** Rules that bear our protocol. Pure. */
export const readRules = (shown: readonly RuleShown[]): Sorted<string> =>
  sort(
    shown.filter(({ protocol }) => protocol === PROTOCOL),
    readRule,
    strayRule,
  )

const slotOfId = (id: number): number | null => {
  const slot = id - OURS.nexthopBase
  return slot >= 1 && slot <= 999 ? slot : null
}

const readNexthop = ({ id, dev }: NexthopShown): { slot: number; device: string } | null => {
  const slot = slotOfId(id)
  return slot === null || dev === undefined ? null : { slot, device: dev }
}

const strayNexthop = ({ id }: NexthopShown): Stray => ({
  text: `next hop ${id}, which bears our label`,
  ip: `nexthop delete id ${id}`,
})

const isOurGroup = ({ id, group }: NexthopShown): boolean => id === OURS.nexthopGroup && group !== undefined

/** Next hops that bear our protocol, without the group. Pure. */
export const readNexthops = (shown: readonly NexthopShown[]): Sorted<{ slot: number; device: string }> =>
  sort(
    shown.filter((nexthop) => !isOurGroup(nexthop)),
    readNexthop,
    strayNexthop,
  )

/** Slots in our group; `null` when there is none. Pure. */
export const readGroup = (shown: readonly NexthopShown[]): Facts['group'] => {
  const group = shown.find(isOurGroup)?.group
  return group === undefined ? null : group.map(({ id }) => id - OURS.nexthopBase).toSorted((a, b) => a - b)
}
