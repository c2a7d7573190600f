import { OURS } from '../../domain/ours.ts'
import type { OperationOf, OperationRules } from '../operation.ts'

/** A policy rule (`ip-rule(8)`): our table is asked for this network before table `main`. */
export const ruleRules: OperationRules<OperationOf<'rule'>> = {
  text: ({ network, to }) =>
    to
      ? `look up ${network} in table ${OURS.routingTable}`
      : `stop looking up ${network} in table ${OURS.routingTable}`,
  effects: ({ network, to }) => [
    {
      by: 'ip',
      line:
        `rule ${to ? 'add' : 'delete'} to ${network} lookup ${OURS.routingTable} ` +
        `priority ${OURS.rulePriority} protocol ${OURS.routeProtocol}`,
    },
  ],
  undo: (operation) => [{ ...operation, to: !operation.to }],
}
