import type { OperationOf, OperationRules } from '../operation.ts'

/** The DTN's end of the TCP relay: its process, and the rules that lead connections to it. */
export const relayRules: OperationRules<OperationOf<'relay'>> = {
  text: ({ to }) =>
    to === null
      ? 'end the TCP relay'
      : `carry TCP to ${to.routes.join(', ')} by the relay at ${to.address}:${to.port}, over ${to.ends.length} ${to.ends.length === 1 ? 'bastion' : 'bastions'}`,
  effects: ({ to }) => [{ by: 'relay', to }],
  // What was not whole is not made again.
  undo: ({ to, was }) => [{ kind: 'relay', to: was === 'broken' ? null : was, was: to }],
}
