import { renderBitRate } from '../planner/figures.ts'
import { burstEnd } from './burst.ts'
import {
  CORE_SHARE,
  found,
  GROWTH,
  growthSentence,
  isOutdone,
  percent,
  queueOf,
  type Rule,
  resentSentence,
  streamsOf,
} from './evidence.ts'
import { steadyBitsPerSecond } from './rates.ts'
import type { Side } from './side.ts'

/** Loss with nothing full from which a connection is slowed down markedly. */
const LOSS_RATIO = 0.002
/** What is sent again where something drops what is too much. */
const DROPPING = 0.0002
/** Goodput is the same: it differs by no more. */
const SAME = 0.15

/** Of the runs that came after it, the later ones of the list, none may be as fast as before. */
export const credit: Rule = (side, run) => {
  const fall = burstEnd(run.run.intervals)
  if (fall === null) return null
  const later = side.bandwidth.runs
    .slice(side.bandwidth.runs.indexOf(run.run) + 1)
    .filter(({ direction }) => direction === side.direction)
    .map(steadyBitsPerSecond)
  if (later.some((rate) => rate > (fall.before + fall.after) / 2)) return null
  return found(
    side,
    'burst-credit',
    later.length > 0 ? 'high' : 'medium',
    `After ${fall.afterSeconds.toFixed(0)} s the rate fell from ${renderBitRate(fall.before)} to ${renderBitRate(fall.after)} and stayed there: a credit for bursts was used up.`,
    [
      `${streamsOf(run.streams)}, seconds of the run (iperf3)`,
      later.length === 0 ? null : `no later run was faster than ${renderBitRate(Math.max(...later))}`,
    ],
  )
}

/** Each flow is cut at a rate of its own: UDP shows it, and each connection of the run has about that. */
export const policing: Rule = (side, run, alone) => {
  const { udp, udpBack } = side
  const verdict = udp ?? udpBack
  const cap = verdict?.flowCap ?? null
  if (verdict?.cap !== 'per-flow' || cap === null) return null
  const each = run.onWire / run.streams
  // One connection may lose half of it by its own losses; of several each has it, or something else is full.
  const isLosing = alone && (udp !== null || (run.resent ?? 0) >= LOSS_RATIO)
  const isNear = Math.abs(each / cap - 1) <= SAME
  // A cap that was seen the other way alone is hardly exceeded, if it is there this way too.
  const isAtCap = each >= cap * (isLosing ? 0.5 : 1 - SAME) && (udp !== null || each <= cap * (1 + SAME))
  if (!isAtCap) return null
  return found(
    side,
    'flow-policing',
    udp !== null ? 'high' : isNear ? 'medium' : 'low',
    `Something on the way lets each flow have ${renderBitRate(cap)} and drops the rest.`,
    [growthSentence(side), ...verdict.evidence, resentSentence(run)],
  )
}

/** Packets vanish although nothing is full. More connections carry more then, as each slows down by itself. */
export const loss: Rule = (side, run, alone) => {
  const { udp, growth } = side
  const resent = run.resent ?? 0
  if ((growth !== null && growth < GROWTH) || (!alone && queueOf(side, run)?.isStanding === true)) return null
  const idleLoss = udp?.baseLossRatio ?? 0
  const isIdleLoss = idleLoss >= LOSS_RATIO
  if (resent < LOSS_RATIO || (udp !== null && !isIdleLoss)) return null
  const lost = isIdleLoss ? idleLoss : resent
  return found(
    side,
    'loss',
    isIdleLoss ? 'high' : 'medium',
    `${percent(lost)} of the packets are lost although nothing is full; a connection slows down to ${renderBitRate(run.steady / run.streams)}.`,
    [...(udp?.evidence ?? []), resentSentence(run), queueOf(side, run)?.sentence ?? null, growthSentence(side)],
  )
}

/** Whether it is the same over all numbers of streams, at least four times as many as the fewest. */
const isEven = ({ runs, one, most, best }: Side): boolean =>
  most.streams >= one.streams * 4 && runs.every(({ steady }) => steady >= best.steady * (1 - SAME))

/** Flat over streams, and something shows that it is full. */
export const path: Rule = (side, run, alone) => {
  const { growth, lastGrowth, udp } = side
  if (alone || (lastGrowth !== null && lastGrowth >= GROWTH)) return null
  const queue = queueOf(side, run)
  const isShared = udp?.cap === 'shared'
  // Where UDP gets much more through, it is not the path that these connections fill.
  if (isShared && isOutdone(run, udp.flowCap ?? 0)) return null
  const isDropping = run.resent !== null && run.resent > DROPPING
  // Of downloads no more is seen than their rates, and this end's processor.
  const isBlindAndEven = run.shares === null && isEven(side) && (run.run.receiverCoreRatio ?? 1) < CORE_SHARE
  if (queue?.isStanding !== true && !isShared && !isDropping && !isBlindAndEven) return null
  const isSure = growth !== null && (queue?.isStanding === true || isShared)
  return found(
    side,
    'path-capacity',
    isSure ? 'high' : isDropping || isBlindAndEven ? 'medium' : 'low',
    `The path is full at ${renderBitRate(run.onWire)}${growth === null ? '' : '; more streams carry no more'}.`,
    [
      growthSentence(side),
      queue?.sentence ?? null,
      ...(isShared ? udp.evidence : []),
      resentSentence(run),
      isBlindAndEven ? `iperf3 kept ${percent(run.run.receiverCoreRatio ?? 0)} of a core busy at this end` : null,
    ],
  )
}
