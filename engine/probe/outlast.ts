import { MoleError } from '../../contract/errors.ts'
import type { ProbeRequest } from '../../domain/probe/request.ts'
import { PROBE_MINUTES } from '../cloud/aws/probe-user-data.ts'

/** What a run takes beside its seconds, s: connecting, the start that is left out, exchanging results. */
const BESIDE_SECONDS = 3
/** The other parts, the steps of UDP, and what the bastion was up before it was seen to be, s. */
const ELSE_SECONDS = 150

/**
 * Refuses runs that last longer than the bastion that would be paid for them. Pure.
 * @throws MoleError `bad-input` before anything is made.
 */
export const mustOutlast = ({ target, parts, streams, directions, seconds }: ProbeRequest): void => {
  if (target.kind !== 'aws' || !parts.includes('bandwidth')) return
  const neededSeconds = directions.length * streams.length * (seconds + BESIDE_SECONDS) + ELSE_SECONDS
  if (neededSeconds <= PROBE_MINUTES * 60) return
  throw new MoleError('bad-input', `These runs take about ${Math.ceil(neededSeconds / 60)} minutes.`, {
    field: 'seconds',
    meaning: `The bastion of a probe turns itself off after ${PROBE_MINUTES}, in the middle of them. Nothing was made.`,
    nextStep: 'Ask for shorter runs (--duration), or for fewer of them (--streams, --direction).',
  })
}
