import { OURS } from '../../domain/ours.ts'
import type { OperationOf, OperationRules, RouteSource } from '../operation.ts'

const LABELS = `table ${OURS.routingTable} protocol ${OURS.routeProtocol}`

const line = (verb: string, { network, via, to }: OperationOf<'route'>, source: RouteSource | null): string => {
  if (via === 'blackhole') return `route ${verb} blackhole ${network} metric ${OURS.failClosedMetric} ${LABELS}`
  const from = to === null || source?.source == null ? '' : ` src ${source.source}`
  return `route ${verb} ${network} nhid ${OURS.nexthopGroup}${from} ${LABELS}`
}

/** A private network over the bundle, or the blackhole that keeps it from going elsewhere when no tunnel is up. */
export const routeRules: OperationRules<OperationOf<'route'>> = {
  text: ({ network, via, to }) => {
    const what = via === 'blackhole' ? `the fail-closed route of ${network}` : `the route to ${network}`
    if (to === null) return `remove ${what}`
    return via === 'blackhole' ? `add ${what}` : `add ${what} over the tunnels, from ${to.source ?? 'any address'}`
  },
  effects: (operation) => [
    { by: 'ip', line: line(operation.to === null ? 'delete' : 'replace', operation, operation.to) },
  ],
  undo: (operation) => [{ ...operation, to: operation.was, was: operation.to }],
}
