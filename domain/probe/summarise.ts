import { steadyBitsPerSecond } from './rates.ts'
import type { ProbeReport, ProbeSummary } from './report.ts'

/** Most that arrived over TCP once up to speed, in either direction; `null` where nothing ran. */
export const bestGoodput = ({ bandwidth }: Pick<ProbeReport, 'bandwidth'>): number | null => {
  const rates = bandwidth.result?.runs.map(steadyBitsPerSecond) ?? []
  return rates.length === 0 ? null : Math.max(...rates)
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
