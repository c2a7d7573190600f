import type { PartProblem, ProbeReport } from '../../domain/probe/report.ts'
import { PROBE_PARTS, type ProbePart } from '../../domain/probe/request.ts'

type Part = Pick<ProbeReport[ProbePart], 'state' | 'startedAtMs' | 'endedAtMs' | 'doing' | 'progressRatio' | 'problem'>

/** Waiting, being measured, or just found to have failed. */
const isOpen = ({ state, endedAtMs }: Part): boolean =>
  state === 'waiting' || state === 'running' || (state === 'failed' && endedAtMs === null)

/** The report with these parts changed; those that are left out or over stay as they are. */
export const withParts = (
  report: ProbeReport,
  names: readonly ProbePart[],
  change: (part: Part) => Partial<Part>,
): ProbeReport => {
  const open = names.filter((name) => isOpen(report[name]))
  const changed = open.map((name) => [name, { ...report[name], ...change(report[name]) }])
  return { ...report, ...Object.fromEntries(changed) }
}

/** These parts are being measured from now on. */
export const begun = (report: ProbeReport, names: readonly ProbePart[], atMs: number): ProbeReport =>
  withParts(report, names, ({ startedAtMs }) => ({ state: 'running', startedAtMs: startedAtMs ?? atMs }))

const hasResult = (report: ProbeReport, name: ProbePart): boolean => {
  if (name === 'bandwidth') {
    const { result } = report.bandwidth
    return result !== null && result.runs.length + result.udp.length > 0
  }
  if (name !== 'latency') return report[name].result !== null
  const { result } = report.latency
  return result !== null && (result.target !== null || result.regions.some(({ trips }) => trips !== null))
}

const nothingFound = (): PartProblem => ({
  message: 'Nothing was found.',
  meaning: 'Nobody said why.',
  nextStep: 'Run the probe again.',
})

/** Each region says by itself why it was not reached; of all together there is one thing to say. */
const noRegion = ({ latency }: ProbeReport): PartProblem | null => {
  const regions = latency.result?.regions ?? []
  return regions.length === 0
    ? null
    : {
        message:
          regions.length === 1 ? 'The region was not reached.' : `None of ${regions.length} regions was reached.`,
        meaning: regions[0]?.problem ?? null,
        nextStep: 'See whether names are found and TCP port 443 of the internet is reached from here, without a proxy.',
      }
}

/** A part is over: done where it has found something, although a piece of it may lack. */
export const ended = (report: ProbeReport, name: ProbePart, atMs: number): ProbeReport =>
  withParts(report, [name], ({ state, problem }) => {
    const isDone = state !== 'failed' && hasResult(report, name)
    return {
      state: isDone ? 'done' : 'failed',
      endedAtMs: atMs,
      doing: '',
      progressRatio: 1,
      problem: isDone ? problem : (problem ?? (name === 'latency' ? noRegion(report) : null) ?? nothingFound()),
    }
  })

/** What is not over ends here. */
export const brokenOff = (
  report: ProbeReport,
  state: 'cancelled' | 'failed',
  problem: PartProblem | null,
  atMs: number,
): ProbeReport => ({
  ...withParts(report, PROBE_PARTS, (part) => ({
    state,
    endedAtMs: atMs,
    doing: '',
    problem: part.problem ?? (state === 'failed' ? problem : null),
  })),
  state,
  problem,
  endedAtMs: atMs,
})
