import type { OperationOf, OperationRules } from '../operation.ts'
import { nameOf } from '../tuning/setting.ts'

/** One setting of the host's tuning (`helper/tuning/setting.ts` has the closed list). */
export const tuneRules: OperationRules<OperationOf<'tune'>> = {
  text: ({ setting, to, was }) =>
    `set ${nameOf(setting)} from ${was === '' ? 'none' : was} to ${to === '' ? 'none' : to}`,
  effects: ({ setting, to, was }) => [{ by: 'tune', setting, value: to, was }],
  undo: (operation) => [{ ...operation, to: operation.was, was: operation.to }],
}
