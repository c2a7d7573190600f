import type { OperationOf, OperationRules } from '../operation.ts'

/** Removes what bears our label but is nothing we would make now: left by another version, or put there by hand. */
export const strayRules: OperationRules<OperationOf<'stray'>> = {
  text: ({ text }) => `remove ${text}`,
  effects: ({ ip }) => [{ by: 'ip', line: ip }],
  undo: () => [],
}
