import { renderBitRate } from '../planner/figures.ts'
import type { Bottleneck, BottleneckName } from './analysis.ts'
import type { SeenRun, Side } from './side.ts'

/*
 * What the rules of the analysis share: their shape, and the sentences that prove something. The thresholds are explained in
 * docs/probing.md.
 */

/** More streams carry more, from here on. */
export const GROWTH = 1.25
/** Share of a core from which a program is as fast as it can be. */
export const CORE_SHARE = 0.9
/** A queue: the round trip grows by so much, and by this share of itself. */
const QUEUE_MS = 2
const QUEUE_SHARE = 0.25

export const percent = (ratio: number): string => `${(ratio * 100).toFixed(ratio < 0.1 ? 1 : 0)} %`
export const milliseconds = (value: number): string => `${value.toFixed(value < 1 ? 2 : value < 10 ? 1 : 0)} ms`
export const streamsOf = (count: number): string => `${count} ${count === 1 ? 'stream' : 'streams'}`

/** A rule: what limits `run` of `side`, or `null`. `alone`: it is asked of the fewest streams, as more of them carry more. */
export type Rule = (side: Side, run: SeenRun, alone: boolean) => Bottleneck | null

export const found = (
  side: Side,
  name: BottleneckName,
  confidence: Bottleneck['confidence'],
  sentence: string,
  evidence: readonly (string | null)[],
): Bottleneck => ({
  name,
  sentence,
  evidence: evidence.filter((each) => each !== null),
  confidence,
  direction: side.direction,
})

export const isUpload = ({ direction }: Side): boolean => direction === 'upload'

/** So many times what connections carry … */
const HEADROOM = 1.5

/** … and what gets through by UDP shows that it is not the path that they fill. */
export const isOutdone = ({ onWire }: SeenRun, udpBitsPerSecond: number): boolean =>
  udpBitsPerSecond > onWire * HEADROOM

/** Whether the round trip grew under load, and by what; `null` where nobody looked. */
export const queueOf = (
  { udp }: Side,
  run: SeenRun,
): { readonly isStanding: boolean; readonly sentence: string } | null => {
  const { shares } = run
  if (shares === null || shares.minRttMs === null || shares.medianRttMs === null) return null
  const { minRttMs: least, medianRttMs: loaded } = shares
  const isLonger = loaded - least >= Math.max(QUEUE_MS, least * QUEUE_SHARE)
  const isElsewhere = isLonger && udp !== null && isOutdone(run, udp.passed)
  const where = isElsewhere
    ? `not on the way, as ${renderBitRate(udp.passed)} of UDP pass`
    : isLonger
      ? 'a queue on the way is full'
      : 'no queue on the way'
  return {
    isStanding: isLonger && !isElsewhere,
    sentence: `round trip ${milliseconds(least)} at least, ${milliseconds(loaded)} under load: ${where} (ss)`,
  }
}

/** How goodput goes with streams, as evidence. */
export const growthSentence = ({ one, most, growth }: Side): string | null =>
  growth === null
    ? null
    : `goodput ${renderBitRate(one.steady)} over ${streamsOf(one.streams)}, ${renderBitRate(most.steady)} over ${most.streams} (iperf3)`

/** Whether a version "3.12" comes before another; not, where it cannot be read. */
export const isOlderThan = (version: string, major: number, minor: number): boolean => {
  const [, one, two] = /^(\d+)\.(\d+)/.exec(version) ?? []
  if (one === undefined || two === undefined) return false
  return Number(one) < major || (Number(one) === major && Number(two) < minor)
}

/** What was sent again; `null` where that is nothing. */
export const resentSentence = ({ resent }: SeenRun): string | null =>
  resent === null || resent < 0.00005 ? null : `${percent(resent)} of what was sent had to be sent again`
