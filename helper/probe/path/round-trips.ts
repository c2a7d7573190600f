import type { Source } from '../../../domain/probe/figure.ts'
import type { RoundTrips } from '../../../domain/probe/path.ts'
import { median } from '../../../domain/series.ts'
import { figure } from '../source.ts'

/** Thousandths of a millisecond are more than a clock in a process can tell. */
const rounded = (ms: number): number => Math.round(ms * 1000) / 1000

/** By nearest rank. */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN

const meanStep = (samples: readonly number[]): number => {
  const steps = samples.slice(1).map((sample, before) => Math.abs(sample - (samples[before] ?? sample)))
  return steps.length === 0 ? 0 : steps.reduce((sum, step) => sum + step, 0) / steps.length
}

/** What round trips in ms, in the order of their sending, say; `null` where none was answered. Pure. */
export const summariseTrips = (
  samples: readonly number[],
  { by, sent, from }: { by: RoundTrips['by']; sent: number; from: Source },
): RoundTrips | null => {
  const middle = median(samples)
  if (middle === null) return null
  const sorted = samples.toSorted((a, b) => a - b)
  return {
    by,
    sent,
    answered: samples.length,
    minMs: figure(rounded(sorted[0] ?? middle), from),
    medianMs: figure(rounded(middle), from),
    p95Ms: figure(rounded(quantile(sorted, 0.95)), from),
    jitterMs: figure(rounded(meanStep(samples)), from),
  }
}
