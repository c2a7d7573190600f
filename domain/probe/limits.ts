import { renderBitRate } from '../planner/figures.ts'
import type { Bottleneck, BottleneckName } from './analysis.ts'
import { burstEnd } from './burst.ts'
import type { SeenRun, Side } from './side.ts'

/*
 * What holds a run back, each rule with the counter that proves it. The thresholds are explained in docs/probing.md.
 */

/** Share of the time from which a window or buffer is what holds a connection back (`tcp_info`) … */
const WINDOW_SHARE = 0.3
/** … and from which it is if the connection does not use its congestion window: paced, it rests between two bursts. */
const UNUSED_WINDOW_SHARE = 0.1
const UNUSED = 0.7
/** Share of looks from which an application has too little to send. */
const APPLICATION_SHARE = 0.5
const BUSY_SHARE = 0.8
/** Share of a core from which a program is as fast as it can be. */
const CORE_SHARE = 0.9
/** Loss with nothing full from which a connection is slowed down markedly. */
const LOSS_RATIO = 0.002
/** Share of the interface's speed from which it is full; the rest are preambles, gaps and Ethernet's headers. */
const INTERFACE_SHARE = 0.9
/** More streams carry more, from here on. */
export const GROWTH = 1.25
/** A queue: the round trip grows by so much, and by this share of itself. */
const QUEUE_MS = 2
const QUEUE_SHARE = 0.25
/** Goodput is the same: it differs by no more. */
const SAME = 0.15

export const percent = (ratio: number): string => `${(ratio * 100).toFixed(ratio < 0.1 ? 1 : 0)} %`
const ms = (value: number): string => value.toFixed(value < 1 ? 2 : value < 10 ? 1 : 0)
export const streamsOf = (count: number): string => `${count} ${count === 1 ? 'stream' : 'streams'}`

/** A rule: what limits `run` of `side`, or `null`. `alone`: it is asked of the fewest streams, as more of them carry more. */
type Rule = (side: Side, run: SeenRun, alone: boolean) => Bottleneck | null

const found = (
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

const isUp = ({ direction }: Side): boolean => direction === 'upload'
/** What is sent again where something drops what is too much. */
const DROPPING = 0.0002
const carried = (run: SeenRun): string => `${streamsOf(run.streams)}: ${renderBitRate(run.steady)}`

/** Whether the round trip grew under load, and by what; `null` where nobody looked. */
export const queueOf = ({ shares }: SeenRun): { readonly isStanding: boolean; readonly sentence: string } | null => {
  if (shares === null || shares.minRttMs === null || shares.medianRttMs === null) return null
  const { minRttMs: least, medianRttMs: loaded } = shares
  const isStanding = loaded - least >= Math.max(QUEUE_MS, least * QUEUE_SHARE)
  const how = isStanding ? 'a queue on the way is full' : 'no queue on the way'
  return { isStanding, sentence: `round trip ${ms(least)} ms at least, ${ms(loaded)} ms under load: ${how} (ss)` }
}

/** How goodput goes with streams, as evidence. */
export const growthSentence = ({ one, most, growth }: Side): string | null =>
  growth === null
    ? null
    : `goodput ${renderBitRate(one.steady)} over ${streamsOf(one.streams)}, ${renderBitRate(most.steady)} over ${most.streams} (iperf3)`

const isOneThread = (side: Side): boolean => isOlderThan(side.bandwidth.iperf3Version, 3, 16)

/** Whether a version "3.12" comes before another; not, where it cannot be read. */
export const isOlderThan = (version: string, major: number, minor: number): boolean => {
  const [, one, two] = /^(\d+)\.(\d+)/.exec(version) ?? []
  if (one === undefined || two === undefined) return false
  return Number(one) < major || (Number(one) === major && Number(two) < minor)
}

/** What was sent again; `null` where that is nothing. */
const resentSentence = ({ resent }: SeenRun): string | null =>
  resent === null || resent < 0.00005 ? null : `${percent(resent)} of what was sent had to be sent again`

/**
 * Too little to send. That the kernel says so (`app_limited`) is not enough, as its mark may stay from the start of a connection:
 * either nothing was on its way for a while, or a file was sent and no queue stood.
 */
const application: Rule = (side, run) => {
  const { shares } = run
  if (!isUp(side) || shares === null || queueOf(run)?.isStanding === true) return null
  const { sourceFile: source } = run.run
  const isIdle = shares.busy < BUSY_SHARE
  const isMarked = shares.applicationLimited >= APPLICATION_SHARE
  if (!isIdle && (source === null || !isMarked || (side.growth ?? 1) >= GROWTH)) return null
  if (source === null && !isMarked) return null
  const who = source === null ? 'The sending program' : `What is read from ${source}`
  return found(
    side,
    'application',
    source !== null && isMarked ? 'high' : 'medium',
    `${who} gives no more than ${renderBitRate(run.steady)}.`,
    [
      `nothing to send at ${percent(shares.applicationLimited)} of the looks (ss app_limited)`,
      `data on its way for ${percent(shares.busy)} of the time (ss busy)`,
      growthSentence(side),
      ...(side.udp?.evidence ?? []),
    ],
  )
}

/** A core that is busy at one end. A queue on the way shows that the ends are faster than the path. */
const processor: Rule = (side, run, alone) => {
  const { senderCoreRatio: sender, receiverCoreRatio: receiver } = run.run
  if (queueOf(run)?.isStanding === true || (run.streams > 1 && !isOneThread(side))) return null
  const ends = [
    { ratio: sender, isNear: isUp(side), name: isUp(side) ? 'sender-cpu' : 'far-end', what: 'sends' },
    { ratio: receiver, isNear: !isUp(side), name: isUp(side) ? 'far-end' : 'receiver-cpu', what: 'receives' },
  ] as const
  const end = ends.find(({ ratio }) => ratio !== null && ratio >= CORE_SHARE)
  if (end === undefined) return null
  const where = end.isNear ? 'of this host' : 'of the far end'
  const thread = isOneThread(side) ? ` iperf3 ${side.bandwidth.iperf3Version} is one thread.` : ''
  return found(
    side,
    end.name,
    alone ? 'medium' : 'high',
    `The core ${where} that ${end.what} is busy at ${renderBitRate(run.steady)}.${thread}`,
    [`iperf3 kept ${percent(end.ratio ?? 0)} of a core busy there (iperf3 -V)`, growthSentence(side)],
  )
}

const network: Rule = (side, run, alone) => {
  const speed = side.facts?.speedBitsPerSecond.value ?? null
  const isVirtual = side.facts?.driver.value === 'veth' || side.facts?.driver.value === 'tun'
  if (alone || speed === null || isVirtual || run.onWire < speed * INTERFACE_SHARE) return null
  return found(
    side,
    'interface',
    'high',
    `The network interface ${side.facts?.name} is full: ${renderBitRate(run.onWire)} of ${renderBitRate(speed)}.`,
    [`speed ${renderBitRate(speed)} (${side.facts?.speedBitsPerSecond.from.how})`, carried(run)],
  )
}

const credit: Rule = (side, run) => {
  const fall = burstEnd(run.run.intervals)
  if (fall === null) return null
  return found(
    side,
    'burst-credit',
    'medium',
    `After ${fall.afterSeconds.toFixed(0)} s the rate fell from ${renderBitRate(fall.before)} to ${renderBitRate(fall.after)} and stayed there: a credit for bursts was used up.`,
    [`${streamsOf(run.streams)}, seconds of the run (iperf3)`],
  )
}

/** Windows and buffers: what shows only where they, not the path, keep the connection from going faster. */
const windows: Rule = (side, run, alone) => {
  const { shares } = run
  if (shares === null || (!alone && queueOf(run)?.isStanding === true)) return null
  const isReceiver = shares.receiverWindow >= shares.sendBuffer
  const share = isReceiver ? shares.receiverWindow : shares.sendBuffer
  const isUnused = shares.windowUsed !== null && shares.windowUsed < UNUSED
  if (share < (isUnused ? UNUSED_WINDOW_SHARE : WINDOW_SHARE)) return null
  const each = renderBitRate(run.steady / run.streams)
  const rtt = shares.medianRttMs === null ? '' : ` at a round trip of ${ms(shares.medianRttMs)} ms`
  const sentence = isReceiver
    ? `The receiver's window lets a connection have ${each}${rtt}.`
    : `The send buffer of this host lets a connection have ${each}${rtt}.`
  return found(
    side,
    isReceiver ? 'receiver-window' : 'send-buffer',
    isUnused || share >= 0.6 ? 'high' : 'medium',
    sentence,
    [
      isReceiver
        ? `the window was full for ${percent(share)} of the time sending (ss rwnd_limited)`
        : `the buffer was full for ${percent(share)} of the time sending (ss sndbuf_limited)`,
      shares.windowUsed === null
        ? null
        : `${percent(Math.min(1, shares.windowUsed))} of the congestion window was used (ss cwnd)`,
      queueOf(run)?.sentence ?? null,
      growthSentence(side),
    ],
  )
}

/** Each flow is cut at a rate of its own: UDP shows it, and each connection of the run has about that. */
const policing: Rule = (side, run) => {
  const { udp, udpBack } = side
  const verdict = udp ?? udpBack
  const cap = verdict?.flowCap ?? null
  if (verdict?.cap !== 'per-flow' || cap === null) return null
  const each = run.onWire / run.streams
  const isAtCap = udp === null ? Math.abs(each / cap - 1) <= SAME : each >= cap / 2
  if (!isAtCap) return null
  return found(
    side,
    'flow-policing',
    udp === null ? 'medium' : 'high',
    `Something on the way lets each flow have ${renderBitRate(cap)} and drops the rest.`,
    [growthSentence(side), ...verdict.evidence, resentSentence(run)],
  )
}

/** Packets vanish although nothing is full. More connections carry more then, as each slows down by itself. */
const loss: Rule = (side, run, alone) => {
  const { udp, growth } = side
  const resent = run.resent ?? 0
  if ((growth !== null && growth < GROWTH) || (!alone && queueOf(run)?.isStanding === true)) return null
  const isIdleLoss = udp !== null && udp.baseLossRatio >= LOSS_RATIO
  if (resent < LOSS_RATIO || (udp !== null && !isIdleLoss)) return null
  const lost = isIdleLoss ? udp.baseLossRatio : resent
  return found(
    side,
    'loss',
    isIdleLoss ? 'high' : 'medium',
    `${percent(lost)} of the packets are lost although nothing is full; a connection slows down to ${renderBitRate(run.steady / run.streams)}.`,
    [...(udp?.evidence ?? []), resentSentence(run), queueOf(run)?.sentence ?? null, growthSentence(side)],
  )
}

/** Whether it is the same over all numbers of streams, at least four times as many as the fewest. */
const isEven = ({ runs, one, most, best }: Side): boolean =>
  most.streams >= one.streams * 4 && runs.every(({ steady }) => steady >= best.steady * (1 - SAME))

/** Flat over streams, and something shows that it is full. */
const path: Rule = (side, run, alone) => {
  const { growth, lastGrowth, udp } = side
  if (alone || (lastGrowth !== null && lastGrowth >= GROWTH)) return null
  const queue = queueOf(run)
  const isShared = udp?.cap === 'shared'
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

/** In the order in which one hides the other: what gives too little cannot fill what comes after it. */
export const RULES: readonly Rule[] = [application, processor, network, credit, windows, policing, loss, path]
