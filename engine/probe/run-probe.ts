import type { Problem } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import type { PriceDocument } from '../../domain/planner/price-table.ts'
import type { PartProblem, ProbeReport } from '../../domain/probe/report.ts'
import type { ProbeTarget } from '../../domain/probe/request.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { problemOf } from '../problem.ts'
import { withConclusions } from './conclusions.ts'
import { brokenOff, withParts } from './part-states.ts'
import { type Performance, takeParts, takeRegions } from './perform.ts'
import { regionEndpoints } from './region-endpoints.ts'
import type { Measure } from './run-measurement.ts'
import type { OpenTarget } from './targets/target.ts'

export type RunEnvironment = {
  readonly clock: Clock
  readonly log: Log
  readonly measure: Measure
  readonly openTarget: OpenTarget<ProbeTarget>
  prices(): PriceDocument
}

/** Where a run tells how it stands. */
export type RunListener = {
  publish(report: ProbeReport): void
  save(report: ProbeReport): void
}

const partProblemOf = ({ message, data }: Problem): PartProblem => ({
  message,
  meaning: data.meaning ?? null,
  nextStep: data.nextStep ?? null,
})

/** Makes the target and measures part by part, until all is done or `signal` aborts. @returns the report as it ended; it never rejects */
export const runProbe = async (
  first: ProbeReport,
  { clock, log, measure, openTarget, prices }: RunEnvironment,
  { publish, save }: RunListener,
  signal: AbortSignal,
): Promise<ProbeReport> => {
  let report = first
  const set = (next: ProbeReport): void => {
    report = next
    publish(next)
  }
  const performance: Performance = { measure, clock, report: () => report, set, save: () => save(report) }
  /** What still measures when another part has failed is of no use. */
  const rest = new AbortController()
  const either = AbortSignal.any([signal, rest.signal])
  const { request, id } = report
  let regions: Promise<void> = Promise.resolve()
  const tell = (doing: string): void => {
    if (!either.aborted) set(withParts(report, ['interface', 'mtu', 'bandwidth'], () => ({ doing })))
  }
  try {
    const endpoints = regionEndpoints(request.regions, Object.keys(prices().regions))
    regions = takeRegions(performance, endpoints, either)
    regions.catch(() => undefined)
    const target = await openTarget(request.target, { id, tell, signal: either })
    tell('')
    set({ ...report, targetName: target.name })
    await takeParts(performance, target, regions, either)
    const atMs = clock.wallMs()
    return { ...withConclusions(report, target, prices(), atMs), state: 'done', endedAtMs: atMs }
  } catch (error) {
    rest.abort(new MoleError('cancelled', 'Another part failed.'))
    // Whoever waits for the end is told that nothing measures any more.
    await regions.catch(() => undefined)
    const problem = problemOf(signal.aborted ? signal.reason : error, log)
    const [state, why] = problem.code === 'cancelled' ? (['cancelled', null] as const) : (['failed', problem] as const)
    return brokenOff(report, state, why === null ? null : partProblemOf(why), clock.wallMs())
  }
}
