import { interfaceName, OURS } from '../../domain/ours.ts'
import type { OperationOf, OperationRules } from '../operation.ts'

const members = (slots: readonly number[]): string => slots.map((slot) => OURS.nexthopBase + slot).join('/')

/** The group every route points to: replacing it moves new flows at once, without touching a route. */
export const groupRules: OperationRules<OperationOf<'group'>> = {
  text: ({ to }) =>
    to === null ? 'stop spreading flows over tunnels' : `spread flows over ${to.map(interfaceName).join(', ')}`,
  effects: ({ to }) => [
    {
      by: 'ip',
      line:
        to === null
          ? `nexthop delete id ${OURS.nexthopGroup}`
          : `nexthop replace id ${OURS.nexthopGroup} group ${members(to)} protocol ${OURS.routeProtocol}`,
    },
  ],
  undo: ({ to, was }) => [{ kind: 'group', to: was, was: to }],
}
