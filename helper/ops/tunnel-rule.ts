import { OURS, slotOfLane } from '../../domain/ours.ts'
import { MARK_MASKS, markOf } from '../deal.ts'
import type { OperationOf, OperationRules } from '../operation.ts'

/** A tunnel's own address is looked up before marks: what is bound to a tunnel stays on it. */
export const MARK_PRIORITY = OURS.tunnelRulePriority + 1

const hex = (value: number): string => `0x${value.toString(16)}`

const selector = ({ number, from }: { number: number; from: string | null }): string =>
  from === null ? `fwmark ${hex(markOf(number))}/${hex(MARK_MASKS.slot)}` : `from ${from}`

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
