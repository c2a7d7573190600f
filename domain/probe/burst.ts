import type { RunSecond } from './bandwidth.ts'

/** A fall of the rate within a run, for good. */
export type BurstEnd = { readonly afterSeconds: number; readonly before: number; readonly after: number }

/** Shorter parts say nothing about staying. */
const FEWEST_POINTS = 4
/** What is left after the fall, at most. */
const LEFT_SHARE = 0.7
/** Neither part may swing by more than this share of its mean. */
const SWING = 0.2

type Part = { readonly mean: number; readonly spread: number }

const partOf = (values: readonly number[]): Part => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return { mean, spread: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) }
}

const isSteady = ({ mean, spread }: Part, count: number): boolean => Math.sqrt(spread / count) <= mean * SWING

/**
 * Where the rate of a run fell and stayed low, as it does when a token bucket or a cloud's network credit is used up: the cut
 * that leaves two steady parts, the second clearly lower; `null` without one. Pure.
 */
export const burstEnd = (intervals: readonly RunSecond[]): BurstEnd | null => {
  const rates = intervals.map(({ bitsPerSecond }) => bitsPerSecond)
  const cuts = Array.from({ length: Math.max(0, rates.length - 2 * FEWEST_POINTS + 1) }, (_, at) => at + FEWEST_POINTS)
  const parts = cuts.map((at) => ({ at, before: partOf(rates.slice(0, at)), after: partOf(rates.slice(at)) }))
  const [first] = parts
  if (first === undefined) return null
  const left = ({ before, after }: (typeof parts)[number]): number => before.spread + after.spread
  const best = parts.reduce((least, each) => (left(each) < left(least) ? each : least), first)
  const { at, before, after } = best
  if (after.mean > before.mean * LEFT_SHARE || after.mean <= 0) return null
  if (!isSteady(before, at) || !isSteady(after, rates.length - at)) return null
  return { afterSeconds: intervals[at - 1]?.seconds ?? at, before: before.mean, after: after.mean }
}
