import type { OperationOf, OperationRules } from '../operation.ts'

/** A kernel parameter (`sysctl(8)`), written to `/proc/sys`. */
export const sysctlRules: OperationRules<OperationOf<'sysctl'>> = {
  text: ({ name, to, was }) => `set ${name} from ${was} to ${to}`,
  effects: ({ name, to, was }) => [{ by: 'sysctl', name, value: to, was }],
  undo: (operation) => [{ ...operation, to: operation.was, was: operation.to }],
}
