import { OURS } from '../../domain/ours.ts'
import type { OperationOf, OperationRules, RouteCongestion, RouteSource } from '../operation.ts'

/** What names the congestion control of connections over a route (`ip-route(8)`, `congctl`). Pure. */
export const congestionWords = (to: RouteCongestion | null): string =>
  to?.congestion == null ? '' : ` congctl ${to.congestion}`

/** The same for people. Pure. */
export const inWords = (to: RouteCongestion | null): string =>
  to?.congestion == null ? '' : `, with congestion control ${to.congestion}`

const LABELS = `table ${OURS.routingTable} protocol ${OURS.routeProtocol}`

/**
 * What takes away what the route has named until now: the kernel takes a route over the same next hop for the same one where no
 * metric is given at all, and leaves it (`fib_create_info` in net/ipv4/fib_semantics.c). This one says what holds anyway.
 */
const unnamed = ({ to, was }: OperationOf<'route'>): string =>
  to !== null && to.congestion === null && was != null && was.congestion !== null ? ' quickack 0' : ''

const line = (verb: string, operation: OperationOf<'route'>, source: RouteSource | null): string => {
  const { network, via, to } = operation
  if (via === 'blackhole') return `route ${verb} blackhole ${network} metric ${OURS.failClosedMetric} ${LABELS}`
  const from = to === null || source?.source == null ? '' : ` src ${source.source}`
  return `route ${verb} ${network} nhid ${OURS.nexthopGroup}${from} ${LABELS}${congestionWords(to)}${unnamed(operation)}`
}

/** A private network over the bundle, or the blackhole that keeps it from going elsewhere when no tunnel is up. */
export const routeRules: OperationRules<OperationOf<'route'>> = {
  text: ({ network, via, to }) => {
    const what = via === 'blackhole' ? `the fail-closed route of ${network}` : `the route to ${network}`
    if (to === null) return `remove ${what}`
    return via === 'blackhole'
      ? `add ${what}`
      : `add ${what} over the tunnels, from ${to.source ?? 'any address'}${inWords(to)}`
  },
  effects: (operation) => [
    { by: 'ip', line: line(operation.to === null ? 'delete' : 'replace', operation, operation.to) },
  ],
  undo: (operation) => [{ ...operation, to: operation.was, was: operation.to }],
}
