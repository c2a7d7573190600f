import { PART_NAMES, renderMs } from '../../domain/probe/describe.ts'
import type { ProbeReport } from '../../domain/probe/report.ts'
import type { ProbePart } from '../../domain/probe/request.ts'
import { plainText } from '../plain-text.ts'
import { renderRate } from '../quantities.ts'

const best = (
  { runs }: NonNullable<ProbeReport['bandwidth']['result']>,
  direction: 'upload' | 'download',
): string[] => {
  const rates = runs.filter((run) => run.direction === direction).map((run) => run.goodputBitsPerSecond.value)
  return rates.length === 0 ? [] : [`${direction === 'upload' ? 'up' : 'down'} ${renderRate(Math.max(...rates))}`]
}

const regionCount = (regions: NonNullable<ProbeReport['latency']['result']>['regions']): string[] => {
  const reached = regions.filter(({ trips }) => trips !== null).length
  return reached === 0 ? [] : [`${reached} of ${regions.length} regions reached`]
}

/** What each part found, in a few words; empty where it found nothing. */
const FOUND: Readonly<Record<ProbePart, (report: ProbeReport) => string[]>> = {
  interface: ({ interface: { result } }) =>
    result === null
      ? []
      : [
          `${result.name}${result.speedBitsPerSecond.value === null ? '' : `, ${renderRate(result.speedBitsPerSecond.value)}`}`,
        ],
  mtu: ({ mtu: { result } }) =>
    result === null ? [] : [`${result.mtuBytes.value} bytes${result.blackHole ? ', larger packets vanish' : ''}`],
  latency: ({ latency: { result } }) =>
    result === null
      ? []
      : [...(result.target === null ? [] : [renderMs(result.target.medianMs.value)]), ...regionCount(result.regions)],
  bandwidth: ({ bandwidth: { result } }) =>
    result === null ? [] : [...best(result, 'upload'), ...best(result, 'download')],
}

const NOT_DONE: Readonly<Record<string, string>> = {
  cancelled: 'cancelled',
  'left-out': 'left out',
  failed: 'could not be measured',
}

/** What came of a part, in one line: what it found, or why it did not. */
export const outcomeOfPart = (report: ProbeReport, part: ProbePart): string => {
  const { state, problem } = report[part]
  const found = FOUND[part](report).map(plainText)
  const why = problem === null ? NOT_DONE[state] : plainText(problem.message)
  return [...found, ...(why === undefined ? [] : [why])].join(', ') || 'nothing was found'
}

/** `path MTU`. */
export const partInSentence = (part: ProbePart): string =>
  PART_NAMES[part].charAt(0).toLowerCase() + PART_NAMES[part].slice(1)
