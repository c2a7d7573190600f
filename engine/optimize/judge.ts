import type { OptimizeTrial } from '../../contract/app.ts'
import { median } from '../../domain/series.ts'

type Pairs = OptimizeTrial['pairs']

/** Less than so much more is no gain, however alike the measurements are. */
const LEAST_GAIN = 0.02
/** Share of the pairs that must agree. */
const AGREEMENT = 2 / 3

/** Median of after ÷ before; `null` without a pair. Pure. */
export const ratioOf = (pairs: Pairs): number | null =>
  median(pairs.map(({ beforeBitsPerSecond, afterBitsPerSecond }) => afterBitsPerSecond / beforeBitsPerSecond))

/** How much measurements of the same thing differ: median distance from their median, as a share of it. Pure. */
const noiseOf = (figures: readonly number[]): number => {
  const middle = median(figures) ?? 0
  return middle === 0 ? 0 : (median(figures.map((figure) => Math.abs(figure - middle))) ?? 0) / middle
}

const percent = (share: number): string => `${(Math.abs(share) * 100).toFixed(1)} %`

export type Verdict = { readonly isBetter: boolean; readonly reason: string }

/**
 * Whether what was tried is better by more than noise: the median of the pairs by at least 2 %, and by more than the
 * measurements without it differ among themselves, and most pairs agree. Pure.
 */
export const judge = (pairs: Pairs): Verdict => {
  const ratio = ratioOf(pairs)
  if (ratio === null) return { isBetter: false, reason: 'nothing was measured' }
  const noise = noiseOf(pairs.map(({ beforeBitsPerSecond }) => beforeBitsPerSecond))
  const better = pairs.filter((pair) => pair.afterBitsPerSecond > pair.beforeBitsPerSecond).length
  const needed = Math.max(LEAST_GAIN, noise)
  const figures = `median of ${pairs.length} pairs ${percent(ratio - 1)} ${ratio >= 1 ? 'more' : 'less'}, more in ${better} of them`
  if (ratio - 1 < needed)
    return {
      isBetter: false,
      reason: ratio < 1 ? `${figures}` : `${figures}: no more than chance (at least ${percent(needed)} is asked for)`,
    }
  if (better < pairs.length * AGREEMENT) return { isBetter: false, reason: `${figures}: too few agree` }
  return { isBetter: true, reason: figures }
}
