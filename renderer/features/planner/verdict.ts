import type { LimitName } from '../../../domain/planner/capacity.ts'
import type { Choice } from '../../../domain/planner/choice.ts'
import type { HealthLevel } from '../../ui/Health.tsx'

/** What binds, in a few letters. */
export const LIMITS: Readonly<Record<LimitName, string>> = {
  gateway: 'internet gateway',
  instance: 'steady bandwidth',
  flow: 'limit of one flow',
  tunnels: 'tunnels',
  vcpus: 'processor',
  streams: 'streams',
  path: 'path',
}

type Verdict = { readonly level: HealthLevel; readonly text: string }

/** Whether a choice does what is asked: the worst of its verdicts. */
export const verdictOf = ({ meets }: Choice): Verdict => {
  if (meets.rate === 'no') return { level: 'bad', text: 'Too slow' }
  if (meets.deadline === 'no') return { level: 'bad', text: 'Too late' }
  if (meets.budget === 'no') return { level: 'bad', text: 'Over budget' }
  if (meets.rate === 'maybe' || meets.deadline === 'maybe') return { level: 'warn', text: 'Only in a burst' }
  return meets.budget === 'maybe' ? { level: 'warn', text: 'Budget is tight' } : { level: 'good', text: 'Yes' }
}
