import type { TcpRun } from './bandwidth.ts'
import { steadyBitsPerSecond } from './rates.ts'
import type { ProbeReport, ProbeSummary } from './report.ts'

/** The run of TCP that carried most once it was up to speed, in either direction; `null` where nothing ran. */
export const bestRun = ({ bandwidth }: Pick<ProbeReport, 'bandwidth'>): TcpRun | null => {
  const [first, ...others] = bandwidth.result?.runs ?? []
  if (first === undefined) return null
  return others.reduce((best, run) => (steadyBitsPerSecond(run) > steadyBitsPerSecond(best) ? run : best), first)
}

/** Most that arrived over TCP once up to speed; `null` where nothing ran. */
export const bestGoodput = (report: Pick<ProbeReport, 'bandwidth'>): number | null => {
  const best = bestRun(report)
  return best === null ? null : steadyBitsPerSecond(best)
}

/** A report as a line of the history. Pure. */
export const summarise = (report: ProbeReport): ProbeSummary => ({
  id: report.id,
  state: report.state,
  startedAtMs: report.startedAtMs,
  targetName: report.targetName,
  mtuBytes: report.mtu.result?.mtuBytes.value ?? null,
  rttMs: report.latency.result?.target?.medianMs.value ?? null,
  goodputBitsPerSecond: bestGoodput(report),
  bottleneck: report.analysis?.bottlenecks[0]?.name ?? null,
})
