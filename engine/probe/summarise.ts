import type { ProbeReport, ProbeSummary } from '../../domain/probe/report.ts'

/** A report's line of the history. Pure. */
export const summarise = (report: ProbeReport): ProbeSummary => {
  const runs = report.bandwidth.result?.runs ?? []
  const rates = runs.map(({ goodputBitsPerSecond }) => goodputBitsPerSecond.value)
  return {
    id: report.id,
    state: report.state,
    startedAtMs: report.startedAtMs,
    targetName: report.targetName,
    mtuBytes: report.mtu.result?.mtuBytes.value ?? null,
    rttMs: report.latency.result?.target?.medianMs.value ?? null,
    goodputBitsPerSecond: rates.length === 0 ? null : Math.max(...rates),
    bottleneck: report.analysis?.bottlenecks[0]?.name ?? null,
  }
}
