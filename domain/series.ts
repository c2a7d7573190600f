/**
 * Maths of time series as charts need them. Pure; values are plain numbers and `NaN` stands for "not measured".
 */

/**
 * Indices of `values` worth drawing when only `buckets` columns are visible: for each column the first, last,
 * smallest and largest value in order of time (the M4 aggregation: Jugel et al., VLDB 2014), so that a spike of one
 * sample is still seen and a line through them looks like the line through all of them.
 * Ascending, without repeats. All indices when there are no more values than four a bucket.
 */
export const visibleIndices = (values: readonly number[], buckets: number): number[] => {
  const count = values.length
  if (buckets < 1) return []
  if (count <= buckets * 4) return values.map((_, index) => index)
  return Array.from({ length: buckets }).flatMap((_, bucket) =>
    extremesBetween(values, Math.floor((bucket * count) / buckets), Math.floor(((bucket + 1) * count) / buckets)),
  )
}

/** First, smallest, largest and last of `values[from … to)`, as ascending indices without repeats. */
const extremesBetween = (values: readonly number[], from: number, to: number): number[] => {
  let low = from
  let high = from
  for (let index = from; index < to; index += 1) {
    const value = values[index] as number
    if (!(value >= (values[low] as number))) low = betterOf(values, low, index)
    if (!(value <= (values[high] as number))) high = betterOf(values, high, index)
  }
  return [...new Set([from, low, high, to - 1])].sort((a, b) => a - b)
}

/** `candidate`, unless it is not a number and `current` is one. */
const betterOf = (values: readonly number[], current: number, candidate: number): number =>
  Number.isNaN(values[candidate]) ? current : candidate

/** Steps a person reads without thinking, as multiples of a power of ten. */
const READABLE = [1, 2, 2.5, 5, 10] as const

/** The smallest readable number (1, 2, 2.5 or 5 × a power of ten) not below `value`; 1 when there is nothing to show. */
export const readableCeiling = (value: number): number => {
  if (!(value > 0) || !Number.isFinite(value)) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  const step = READABLE.find((candidate) => candidate * power >= value * (1 - 1e-12)) ?? 10
  return step * power
}

/**
 * Top of an axis that must not twitch: `current` stays while `peak` fits and fills at least `keepAbove` of it;
 * otherwise the smallest readable number with a twelfth of headroom.
 */
export const steadyCeiling = (current: number, peak: number, floor: number, keepAbove = 0.35): number => {
  const wanted = Math.max(floor, readableCeiling(peak * (13 / 12)))
  const stillGood = peak <= current && (current <= floor || peak >= current * keepAbove)
  return stillGood && current >= floor ? current : wanted
}

/** `0 … top` in equal readable steps: 4 or 5 of them. */
export const axisTicks = (top: number): number[] => {
  const lead = top / 10 ** Math.floor(Math.log10(top))
  const steps = Math.abs(lead - 1) < 1e-9 || Math.abs(lead - 5) < 1e-9 || Math.abs(lead - 2.5) < 1e-9 ? 5 : 4
  return Array.from({ length: steps + 1 }, (_, index) => (top * index) / steps)
}

/**
 * Stacks series on one another: result `k` is the sum of the first `k + 1` series, sample by sample.
 * What was not measured adds nothing.
 */
export const stacked = (series: readonly (readonly number[])[]): number[][] => {
  const below: number[] = []
  return series.map((values) =>
    values.map((value, index) => {
      const sum = (below[index] ?? 0) + (Number.isFinite(value) ? value : 0)
      below[index] = sum
      return sum
    }),
  )
}

/** Middle value; `null` of nothing. Unlike the mean it is not moved by one bad tunnel. */
export const median = (values: readonly number[]): number | null => {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length === 0) return null
  if (sorted.length % 2 === 1) return sorted[middle] as number
  return ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}
