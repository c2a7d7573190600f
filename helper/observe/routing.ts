import { interfaceName, OURS } from '../../domain/ours.ts'
import { MARK_MASKS, markOf } from '../deal.ts'
import { MARK_PRIORITY } from '../ops/tunnel-rule.ts'
import type { Facts, RouteFacts, Stray, TunnelRouteFacts, TunnelRuleFacts } from './facts.ts'
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

const congestionOf = ({ metrics = [] }: RouteShown): string | null =>
  metrics.find(({ congestion }) => congestion !== undefined)?.congestion ?? null

const readRoute = (shown: RouteShown): RouteFacts | null => {
  const { type, dst, nhid, metric, prefsrc, protocol } = shown
  const congestion = congestionOf(shown)
  if (protocol !== PROTOCOL) return null
  const network = withPrefix(dst)
  if (type !== undefined && BLACKHOLE.includes(type) && metric === OURS.failClosedMetric)
    return { network, via: 'blackhole', source: null, congestion }
  const isBundle = UNICAST.includes(type) && nhid === OURS.nexthopGroup && metric === undefined
  return isBundle ? { network, via: 'bundle', source: prefsrc ?? null, congestion } : null
}

const strayRoute = ({ type, dst, metric, table = String(OURS.routingTable) }: RouteShown): Stray => {
  const metric_ = metric === undefined ? '' : ` metric ${metric}`
  const type_ = type === undefined || UNICAST.includes(type) ? '' : `${type} `
  return {
    text: `a route to ${dst} in table ${table} that is not ours`,
    ip: `route delete ${type_}${withPrefix(dst)} table ${table}${metric_}`,
  }
}

/** Routes of our table, which holds nothing else. Pure. */
export const readRoutes = (shown: readonly RouteShown[]): Sorted<RouteFacts> => sort(shown, readRoute, strayRoute)

/** Lane number of the tunnel whose own table this is; `null` when it is no such table. */
const numberOfTable = (table: string | undefined): number | null => {
  const number = Number(table) - OURS.tunnelTableBase
  return number >= 1 && number <= 999 ? number : null
}

const readTunnelRoute = (shown: RouteShown): TunnelRouteFacts | null => {
  const { type, dst, dev, metric, table } = shown
  const congestion = congestionOf(shown)
  const [number, network] = [numberOfTable(table), withPrefix(dst)]
  if (number === null) return null
  if (type !== undefined && BLACKHOLE.includes(type) && metric === OURS.failClosedMetric)
    return { number, network, via: 'blackhole', congestion }
  return dev === interfaceName(number) && metric === undefined ? { number, network, via: 'tunnel', congestion } : null
}

/** Of routes that bear our protocol, those in the tables of single tunnels. Pure. */
export const readTunnelRoutes = (shown: readonly RouteShown[]): Sorted<TunnelRouteFacts> =>
  sort(
    shown.filter(({ table }) => numberOfTable(table) !== null),
    readTunnelRoute,
    strayRoute,
  )

const readRule = ({ priority, src, dst, dstlen, table, fwmark }: RuleShown): string | null =>
  priority === OURS.rulePriority &&
  table === String(OURS.routingTable) &&
  src === 'all' &&
  dst !== undefined &&
  fwmark === undefined
    ? `${dst}/${dstlen ?? 32}`
    : null

const readTunnelRule = ({ priority, src, srclen, dst, table, fwmark, fwmask }: RuleShown): TunnelRuleFacts | null => {
  const number = numberOfTable(table)
  if (number === null || dst !== undefined || src === undefined) return null
  if (priority === OURS.tunnelRulePriority && src !== 'all' && srclen === undefined && fwmark === undefined)
    return { number, from: src }
  const isDealt = Number(fwmark) === markOf(number) && Number(fwmask) === MARK_MASKS.slot
  return priority === MARK_PRIORITY && src === 'all' && isDealt ? { number, from: null } : null
}

/** Every selector it has: others of its priority may be ours. */
const strayRule = ({ priority, src, srclen, dst, dstlen, fwmark, fwmask, table }: RuleShown): Stray => {
  const selectors = [
    ...(src === undefined || src === 'all' ? [] : [`from ${src}/${srclen ?? 32}`]),
    ...(dst === undefined ? [] : [`to ${dst}/${dstlen ?? 32}`]),
    ...(fwmark === undefined ? [] : [`fwmark ${fwmark}${fwmask === undefined ? '' : `/${fwmask}`}`]),
    ...(table === undefined ? [] : [`lookup ${table}`]),
  ]
  return {
    text: `a rule of priority ${priority} to table ${table ?? 'unknown'} that bears our label`,
    ip: ['rule delete', ...selectors, `priority ${priority} protocol ${OURS.routeProtocol}`].join(' '),
  }
}

const isTunnelRule = (rule: RuleShown): boolean => readTunnelRule(rule) !== null

/** Rules that bear our protocol and send networks to our table. Pure. */
export const readRules = (shown: readonly RuleShown[]): Sorted<string> =>
  sort(
    shown.filter((rule) => rule.protocol === PROTOCOL && !isTunnelRule(rule)),
    readRule,
    strayRule,
  )

/** Rules that bear our protocol and send something to the table of a single tunnel. Pure. */
export const readTunnelRules = (shown: readonly RuleShown[]): TunnelRuleFacts[] =>
  shown.flatMap((rule) => {
    const read = rule.protocol === PROTOCOL ? readTunnelRule(rule) : null
    return read === null ? [] : [read]
  })

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
