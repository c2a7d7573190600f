import type { OptimizeTrial } from '../../../contract/app.ts'

type Pair = OptimizeTrial['pairs'][number]

export type PairLine = {
  readonly before: number
  readonly after: number
  readonly isBetter: boolean
}

/** Heights, from the upper edge, of both ends of each pair, all to the one scale of these pairs. Pure. */
export const pairLines = (pairs: readonly Pair[], height: number): PairLine[] => {
  const values = pairs.flatMap(({ beforeBitsPerSecond, afterBitsPerSecond }) => [
    beforeBitsPerSecond,
    afterBitsPerSecond,
  ])
  const most = Math.max(...values)
  // A change of one in a hundred shall not look like one by half.
  const least = Math.min(...values, most * 0.8)
  const y = (value: number): number => (most === least ? height / 2 : height * (1 - (value - least) / (most - least)))
  return pairs.map(({ beforeBitsPerSecond, afterBitsPerSecond }) => ({
    before: y(beforeBitsPerSecond),
    after: y(afterBitsPerSecond),
    isBetter: afterBitsPerSecond > beforeBitsPerSecond,
  }))
}

/** `+11 %`, `−3 %`, `±0 %`: a ratio of after to before. */
export const renderGain = (ratio: number): string => {
  const percent = Math.round((ratio - 1) * 100)
  if (percent === 0) return '±0 %'
  return percent > 0 ? `+${percent} %` : `−${-percent} %`
}
