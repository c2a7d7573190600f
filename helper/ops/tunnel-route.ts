import { interfaceName, OURS } from '../../domain/ours.ts'
import type { OperationOf, OperationRules } from '../operation.ts'
import { congestionWords, inWords } from './route.ts'

const line = ({ number, network, via, to }: OperationOf<'tunnel-route'>): string => {
  const labels = `table ${OURS.tunnelTableBase + number} protocol ${OURS.routeProtocol}`
  const verb = to === null ? 'delete' : 'replace'
  return via === 'blackhole'
    ? `route ${verb} blackhole ${network} metric ${OURS.failClosedMetric} ${labels}`
    : `route ${verb} ${network} dev ${interfaceName(number)} ${labels}${congestionWords(to)}`
}

/** A network over one tunnel alone, in that tunnel's own table; or what keeps it from going elsewhere without it. */
export const tunnelRouteRules: OperationRules<OperationOf<'tunnel-route'>> = {
  text: ({ number, network, via, to }) => {
    const way = via === 'blackhole' ? 'fail-closed route' : 'route'
    return `${to === null ? 'remove' : 'add'} the ${way} of ${network} over ${interfaceName(number)} alone${inWords(to)}`
  },
  effects: (operation) => [{ by: 'ip', line: line(operation) }],
  undo: (operation) => [{ ...operation, to: operation.was, was: operation.to }],
}
