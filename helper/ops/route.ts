import { OURS } from '../../domain/ours.ts'
import type { OperationOf, OperationRules, RouteCongestion, RouteSource } from '../operation.ts'

/** What names the congestion control of connections over a route (`ip-route(8)`, `congctl`). Pure. */
export const congestionWords = (to: RouteCongestion | null): string =>
  to?.congestion == null ? '' : ` congctl ${to.congestion}`

/** The same for people. Pure. */
export const inWords = (to: RouteCongestion | null): string =>
  to?.congestion == null ? '' : `, with congestion control ${to.congestion}`

const LABELS = `table ${OURS.routingTable} protocol ${OURS.routeProtocol}`

const line = (verb: string, { network, via, to }: OperationOf<'route'>, source: RouteSource | null): string => {
  if (via === 'blackhole') return `route ${verb} blackhole ${network} metric ${OURS.failClosedMetric} ${LABELS}`
  const from = to === null || source?.source == null ? '' : ` src ${source.source}`
  return `route ${verb} ${network} nhid ${OURS.nexthopGroup}${from} ${LABELS}${congestionWords(to)}`
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
