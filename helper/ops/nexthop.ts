import { OURS } from '../../domain/ours.ts'
import type { OperationOf, OperationRules } from '../operation.ts'

const idOf = (slot: number): number => OURS.nexthopBase + slot

/** The next-hop object of one tunnel (`ip-nexthop(8)`). */
export const nexthopRules: OperationRules<OperationOf<'nexthop'>> = {
  text: ({ slot, to }) => (to === null ? `remove next hop ${idOf(slot)}` : `make next hop ${idOf(slot)} through ${to}`),
  effects: ({ slot, to }) => [
    {
      by: 'ip',
      line:
        to === null
          ? `nexthop delete id ${idOf(slot)}`
          : `nexthop replace id ${idOf(slot)} dev ${to} protocol ${OURS.routeProtocol}`,
    },
  ],
  undo: ({ slot, to, was }) => [{ kind: 'nexthop', slot, to: was, was: to }],
}
