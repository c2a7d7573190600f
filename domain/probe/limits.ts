import { renderBitRate } from '../planner/figures.ts'
import type { Bottleneck, BottleneckName } from './analysis.ts'
import { burstEnd } from './burst.ts'
import type { SeenRun, Side } from './side.ts'

/*
 * What holds a run back, each rule with the counter that proves it. The thresholds are explained in docs/probing.md.
 */

/** Share of the time from which a window or buffer is what holds a connection back (`tcp_info`). */
const WINDOW_SHARE = 0.3
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
const QUEUE_MS = 1.5
const QUEUE_SHARE = 0.25

export const percent = (ratio: number): string => `${(ratio * 100).toFixed(ratio < 0.1 ? 1 : 0)} %`
const ms = (value: number): string => (value < 10 ? value.toFixed(1) : value.toFixed(0))
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

const application: Rule = (side, run) => {
  const { shares } = run
  if (!isUp(side) || shares === null || shares.receiverWindow >= WINDOW_SHARE) return null
  const isIdle = shares.applicationLimited >= APPLICATION_SHARE
  if (!isIdle && (shares.busy >= BUSY_SHARE || run.run.sourceFile === null)) return null
  if (queueOf(run)?.isStanding === true && !isIdle) return null
  const source = run.run.sourceFile
  const who = source === null ? 'The sending program' : `What is read from ${source}`
  return found(
    side,
    'application',
    isIdle && source !== null ? 'high' : 'medium',
    `${who} gives no more than ${renderBitRate(run.steady)}; the network would take more.`,
    [
      `nothing to send at ${percent(shares.applicationLimited)} of the looks (ss app_limited)`,
      `data on its way for ${percent(shares.busy)} of the time (ss busy)`,
      growthSentence(side),
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
  if (share < WINDOW_SHARE) return null
  const each = renderBitRate(run.steady / run.streams)
  const rtt = shares.medianRttMs === null ? '' : ` with a round trip of ${ms(shares.medianRttMs)} ms`
  const sentence = isReceiver
    ? `The receiver's window lets a connection have ${each}${rtt}.`
    : `The send buffer of this host lets a connection have ${each}${rtt}.`
  return found(side, isReceiver ? 'receiver-window' : 'send-buffer', share >= 0.6 ? 'high' : 'medium', sentence, [
    isReceiver
      ? `the window was full for ${percent(share)} of the time sending (ss rwnd_limited)`
      : `the buffer was full for ${percent(share)} of the time sending (ss sndbuf_limited)`,
    queueOf(run)?.sentence ?? null,
    growthSentence(side),
  ])
}

const policing: Rule = (side, run) => {
  const { udp } = side
  if (udp?.cap !== 'per-flow' || udp.flowCap === null) return null
  return found(
    side,
    'flow-policing',
    'high',
    `Something on the way lets each flow have ${renderBitRate(udp.flowCap)} and drops the rest.`,
    [...udp.evidence, growthSentence(side), queueOf(run)?.sentence ?? null],
  )
}

const loss: Rule = (side, run, alone) => {
  const { udp } = side
  const resent = run.resent ?? 0
  const isFull = queueOf(run)?.isStanding === true && !alone
  const isIdleLoss = udp !== null && udp.baseLossRatio >= LOSS_RATIO
  if (isFull || (udp !== null && !isIdleLoss) || (resent < LOSS_RATIO && !isIdleLoss)) return null
  const lost = isIdleLoss ? udp.baseLossRatio : resent
  return found(
    side,
    'loss',
    isIdleLoss ? 'high' : 'medium',
    `${percent(lost)} of the packets are lost although nothing is full; a connection slows down to ${renderBitRate(run.steady / run.streams)}.`,
    [
      ...(udp?.evidence ?? []),
      run.resent === null ? null : `${percent(run.resent)} of what was sent had to be sent again`,
      queueOf(run)?.sentence ?? null,
      growthSentence(side),
    ],
  )
}

/** Flat over streams, and something shows that it is full. */
const path: Rule = (side, run, alone) => {
  if (alone || (side.lastGrowth !== null && side.lastGrowth >= GROWTH)) return null
  const queue = queueOf(run)
  const isShared = side.udp?.cap === 'shared'
  const isDropping = (run.resent ?? 0) > 0.0002
  if (queue?.isStanding !== true && !isShared && !isDropping) return null
  const isSure = side.growth !== null && (queue?.isStanding === true || isShared)
  return found(
    side,
    'path-capacity',
    isSure ? 'high' : 'medium',
    `The path is full at ${renderBitRate(run.onWire)}; more streams carry no more.`,
    [
      growthSentence(side),
      queue?.sentence ?? null,
      ...(isShared ? (side.udp?.evidence ?? []) : []),
      run.resent === null ? null : `${percent(run.resent)} of what was sent had to be sent again`,
    ],
  )
}

/** In the order in which one hides the other: what gives too little cannot fill what comes after it. */
export const RULES: readonly Rule[] = [application, processor, network, credit, windows, policing, loss, path]
