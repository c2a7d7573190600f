import type { OperationOf, OperationRules } from '../operation.ts'

/** How many subflows a Multipath TCP connection may have beside its first one (`ip-mptcp(8)`). */
export const mptcpLimitsRules: OperationRules<OperationOf<'mptcp-limits'>> = {
  text: ({ to }) =>
    `let a Multipath TCP connection have ${to.subflows} additional subflows, ${to.accepted} of them to addresses it is told`,
  effects: ({ to }) => [{ by: 'ip', line: `mptcp limits set subflow ${to.subflows} add_addr_accepted ${to.accepted}` }],
  undo: ({ to, was }) => [{ kind: 'mptcp-limits', to: was, was: to }],
}
