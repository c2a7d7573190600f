import { OURS, slotOfLane } from '../../domain/ours.ts'
import type { OperationOf, OperationRules } from '../operation.ts'

/**
 * Mark of the connections that were dealt to a tunnel. It goes by the slot, so that they stay together when its keys
 * are replaced and another lane carries them.
 */
export const markOf = (number: number): number => OURS.markBase + slotOfLane(number)

/** A tunnel's own address is looked up before marks: what is bound to a tunnel stays on it. */
export const MARK_PRIORITY = OURS.tunnelRulePriority + 1

const selector = ({ number, from }: { number: number; from: string | null }): string =>
  from === null ? `fwmark 0x${markOf(number).toString(16)}` : `from ${from}`

/** Sends what was dealt to a tunnel, or comes from its own address, to the table of that tunnel alone. */
export const tunnelRuleRules: OperationRules<OperationOf<'tunnel-rule'>> = {
  text: ({ number, from, to }) => {
    const what = from === null ? `connections dealt to tunnel ${slotOfLane(number)}` : `what comes from ${from}`
    const table = OURS.tunnelTableBase + number
    return to ? `look up ${what} in table ${table}` : `stop looking up ${what} in table ${table}`
  },
  effects: ({ number, from, to }) => [
    {
      by: 'ip',
      line:
        `rule ${to ? 'add' : 'delete'} ${selector({ number, from })} lookup ${OURS.tunnelTableBase + number} ` +
        `priority ${from === null ? MARK_PRIORITY : OURS.tunnelRulePriority} protocol ${OURS.routeProtocol}`,
    },
  ],
  undo: (operation) => [{ ...operation, to: !operation.to }],
}
