import type { PartProblem, ProbeReport } from '../../domain/probe/report.ts'
import { PROBE_PARTS, type ProbePart } from '../../domain/probe/request.ts'

type Part = Pick<ProbeReport[ProbePart], 'state' | 'startedAtMs' | 'endedAtMs' | 'doing' | 'progressRatio' | 'problem'>

/** The report with these parts changed; those that are left out or over stay as they are. */
export const withParts = (
  report: ProbeReport,
  names: readonly ProbePart[],
  change: (part: Part) => Partial<Part>,
): ProbeReport => {
  const open = names.filter((name) => ['waiting', 'running'].includes(report[name].state))
  const changed = open.map((name) => [name, { ...report[name], ...change(report[name]) }])
  return { ...report, ...Object.fromEntries(changed) }
}

/** These parts are being measured from now on. */
export const begun = (report: ProbeReport, names: readonly ProbePart[], atMs: number): ProbeReport =>
  withParts(report, names, ({ startedAtMs }) => ({ state: 'running', startedAtMs: startedAtMs ?? atMs }))

const hasResult = (report: ProbeReport, name: ProbePart): boolean => {
  if (name !== 'latency') return report[name].result !== null
  const { result } = report.latency
  return result !== null && (result.target !== null || result.regions.some(({ trips }) => trips !== null))
}

const nothingFound = (): PartProblem => ({
  message: 'Nothing was found.',
  meaning: 'Nobody said why.',
  nextStep: 'Run the probe again.',
})

/** A part is over: done where it has found something and nothing went wrong. */
export const ended = (report: ProbeReport, name: ProbePart, atMs: number): ProbeReport =>
  withParts(report, [name], ({ problem }) => {
    const isDone = hasResult(report, name) && problem === null
    const why = isDone ? null : (problem ?? nothingFound())
    return { state: isDone ? 'done' : 'failed', endedAtMs: atMs, doing: '', progressRatio: 1, problem: why }
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
