import type { OperationOf, OperationRules } from '../operation.ts'

/** MTU and state of an interface. */
export const settingsRules: OperationRules<OperationOf<'settings'>> = {
  text: ({ name, to }) => `set ${name} ${to.isUp ? 'up' : 'down'} with MTU ${to.mtuBytes}`,
  effects: ({ name, to }) => [{ by: 'ip', line: `link set dev ${name} mtu ${to.mtuBytes} ${to.isUp ? 'up' : 'down'}` }],
  undo: ({ name, to, was }) => (was === null ? [] : [{ kind: 'settings', name, to: was, was: to }]),
}
