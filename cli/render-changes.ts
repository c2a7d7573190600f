import type { PlanChange } from '../domain/probe/plan-change.ts'
import { plainText } from './plain-text.ts'

const INDENT = '  '

/** Each with its reason below it: `Tunnels: 2 → 4 (deployment.tunnels)`. */
export const renderChanges = (changes: readonly PlanChange[]): string =>
  changes
    .flatMap(({ what, now, next, key, reason }) => [
      `${INDENT}${plainText(what)}: ${plainText(now)} → ${plainText(next)} (${key})`,
      ...(reason === '' ? [] : [`${INDENT}${INDENT}${plainText(reason)}`]),
    ])
    .join('\n')
