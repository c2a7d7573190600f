import type { BandwidthResult, TcpRun } from '../../../domain/probe/bandwidth.ts'

/** The run that carried most in a direction; `null` when none was made. */
export const bestRun = (result: BandwidthResult | null, direction: TcpRun['direction']): TcpRun | null =>
  (result?.runs ?? [])
    .filter((run) => run.direction === direction)
    .toSorted((a, b) => b.goodputBitsPerSecond.value - a.goodputBitsPerSecond.value)[0] ?? null
