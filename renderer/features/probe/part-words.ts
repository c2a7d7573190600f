import type { Problem } from '../../../contract/app.ts'
import type { PartProblem, ProbeReport } from '../../../domain/probe/report.ts'
import type { ProbePart } from '../../../domain/probe/request.ts'
import type { HealthLevel } from '../../ui/Health.tsx'

export type PartState = ProbeReport[ProbePart]['state']

const REPORT_WORDS: Readonly<Record<ProbeReport['state'], { readonly level: HealthLevel; readonly text: string }>> = {
  running: { level: 'busy', text: 'Measuring' },
  done: { level: 'good', text: 'Complete' },
  cancelled: { level: 'warn', text: 'Cancelled' },
  failed: { level: 'bad', text: 'Failed' },
}

export const reportWords = (state: ProbeReport['state']) => REPORT_WORDS[state]

/** What a part reports as its problem, as the panel shows problems. */
export const toShown = ({ message, meaning, nextStep }: PartProblem): Problem => ({
  code: 'not-available',
  message,
  data: { ...(meaning === null ? {} : { meaning }), ...(nextStep === null ? {} : { nextStep }) },
})

/** Why a part has nothing to show, where it has no problem of its own; `null` while something may still come. */
export const absenceOf = (state: PartState): string | null => {
  if (state === 'cancelled') return 'Was cancelled before anything was found.'
  return state === 'waiting' || state === 'running' ? null : 'Nothing was found.'
}
