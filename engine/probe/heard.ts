import type { MeasureEvent } from '../../contract/probe.ts'
import type { LatencyResult } from '../../domain/probe/path.ts'
import type { ProbeReport } from '../../domain/probe/report.ts'
import type { ProbePart } from '../../domain/probe/request.ts'
import { withParts } from './part-states.ts'

const NO_LATENCY: LatencyResult = { target: null, problem: null, regions: [] }

const withLatency = (report: ProbeReport, change: Partial<LatencyResult>): ProbeReport => ({
  ...report,
  latency: { ...report.latency, result: { ...(report.latency.result ?? NO_LATENCY), ...change } },
})

const MEGABIT = 1e6

type Problem = Extract<MeasureEvent, { kind: 'problem' }>

/**
 * What is said of a part as a whole ends it; what is said of a piece of it stays beside what the others find. A target that
 * does not answer says nothing of the regions: these go on.
 */
const withProblem = (report: ProbeReport, parts: readonly ProbePart[], { of, problem }: Problem): ProbeReport => {
  const isWhole = of === 'path' || of === 'request' || parts.some((name) => name === of)
  const concerned = isWhole
    ? parts.filter((name) => of === 'path' || of === 'request' || name === of)
    : parts.slice(0, 1)
  const told = concerned.includes('latency') ? withLatency(report, { problem: problem.message }) : report
  return concerned.reduce(
    (next, name) =>
      withParts(next, [name], (part) => ({
        problem: part.problem ?? problem,
        ...(isWhole && name !== 'latency' ? { state: 'failed' as const } : {}),
      })),
    told,
  )
}

/**
 * The report with what was heard of the program that measures `parts`. Pure.
 * @param wanted parts that were asked for: of the others nothing is kept
 */
export const heard = (report: ProbeReport, parts: readonly ProbePart[], event: MeasureEvent): ProbeReport => {
  const isWanted = (name: ProbePart): boolean => report[name].state !== 'left-out'
  switch (event.kind) {
    case 'doing':
      return withParts(report, parts, () => ({ doing: event.text, progressRatio: event.progressRatio }))
    case 'second':
      return withParts(report, parts, ({ doing }) => ({
        doing: `${doing.split(': now ')[0]}: now ${(event.second.bitsPerSecond / MEGABIT).toFixed(0)} Mbit/s`,
      }))
    case 'interface':
      return { ...report, interface: { ...report.interface, result: event.facts } }
    case 'mtu':
      return isWanted('mtu') ? { ...report, mtu: { ...report.mtu, result: event.result } } : report
    case 'trips':
      return isWanted('latency') ? withLatency(report, { target: event.trips }) : report
    case 'region':
      return withLatency(report, { regions: [...(report.latency.result?.regions ?? []), event.region] })
    case 'bandwidth':
      return { ...report, bandwidth: { ...report.bandwidth, result: event.result } }
    case 'problem':
      return withProblem(report, parts, event)
    case 'rung':
      return report
  }
}
