import type { RunSecond } from '../../../domain/probe/bandwidth.ts'
import type { Interval } from '../../iperf/iperf-output.ts'

/** Merges the seconds of a long run, so that at most `most` remain. Pure. */
export const thinIntervals = (intervals: readonly Interval[], most: number): RunSecond[] => {
  const size = Math.max(1, Math.ceil(intervals.length / most))
  const thinned: RunSecond[] = []
  for (let at = 0; at < intervals.length; at += size) {
    const group = intervals.slice(at, at + size)
    thinned.push({ seconds: group.at(-1)?.untilSeconds ?? 0, bitsPerSecond: meanRate(group) })
  }
  return thinned
}

/** Mean rate of what was counted, each interval by its length. Pure. */
export const meanRate = (intervals: readonly Interval[]): number => {
  const seconds = intervals.reduce((sum, each) => sum + each.seconds, 0)
  const bits = intervals.reduce((sum, each) => sum + each.bitsPerSecond * each.seconds, 0)
  return seconds > 0 ? Math.round(bits / seconds) : 0
}

/** At most `most` of them, evenly chosen, with the first and the last. Pure. */
export const evenly = <Item>(items: readonly Item[], most: number): Item[] => {
  if (items.length <= most) return [...items]
  const chosen = Array.from({ length: most }, (_, at) => Math.round((at * (items.length - 1)) / (most - 1)))
  return items.filter((_, at) => chosen.includes(at))
}
