import { renderBitRate } from '../planner/figures.ts'
import {
  CORE_SHARE,
  found,
  GROWTH,
  growthSentence,
  isOlderThan,
  isOutdone,
  isUpload,
  milliseconds,
  percent,
  queueOf,
  type Rule,
  streamsOf,
} from './evidence.ts'
import type { Side } from './side.ts'

/** Share of the time from which a window or buffer is what holds a connection back (`tcp_info`) … */
const WINDOW_SHARE = 0.3
/** … and from which it is if the connection does not use its congestion window: paced, it rests between two bursts. */
const UNUSED_WINDOW_SHARE = 0.1
const UNUSED = 0.7
/** Share of looks from which an application has too little to send, and of the time that nothing is on its way then. */
const APPLICATION_SHARE = 0.5
const BUSY_SHARE = 0.8
/** Share of the interface's speed from which it is full; the rest are preambles, gaps and Ethernet's headers. */
const INTERFACE_SHARE = 0.9

const isOneThread = (side: Side): boolean => isOlderThan(side.bandwidth.iperf3Version, 3, 16)

/** A core that is busy at one end. A queue on the way shows that the ends are faster than the path. */
export const processor: Rule = (side, run, alone) => {
  const { senderCoreRatio: sender, receiverCoreRatio: receiver } = run.run
  if (queueOf(side, run)?.isStanding === true || (run.streams > 1 && !isOneThread(side))) return null
  const ends = [
    { ratio: sender, isNear: isUpload(side), name: isUpload(side) ? 'sender-cpu' : 'far-end', what: 'sends' },
    { ratio: receiver, isNear: !isUpload(side), name: isUpload(side) ? 'far-end' : 'receiver-cpu', what: 'receives' },
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

/**
 * Too little to send. That the kernel says so (`app_limited`) is not enough, as its mark may stay from the start of a connection:
 * either nothing was on its way for a while, or a file was sent and no queue stood.
 */
export const application: Rule = (side, run) => {
  const { shares } = run
  if (!isUpload(side) || shares === null || queueOf(side, run)?.isStanding === true) return null
  const { sourceFile: source } = run.run
  const isIdle = shares.busy < BUSY_SHARE
  const isMarked = shares.applicationLimited >= APPLICATION_SHARE
  const isSlow = isMarked || isOutdone(run, side.udp?.passed ?? 0)
  if (!isIdle && (source === null || !isSlow || (side.growth ?? 1) >= GROWTH)) return null
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

export const network: Rule = (side, run, alone) => {
  const speed = side.facts?.speedBitsPerSecond.value ?? null
  const isVirtual = side.facts?.driver.value === 'veth' || side.facts?.driver.value === 'tun'
  if (alone || speed === null || isVirtual || run.onWire < speed * INTERFACE_SHARE) return null
  return found(
    side,
    'interface',
    'high',
    `The network interface ${side.facts?.name} is full: ${renderBitRate(run.onWire)} of ${renderBitRate(speed)}.`,
    [
      `speed ${renderBitRate(speed)} (${side.facts?.speedBitsPerSecond.from.how})`,
      `${streamsOf(run.streams)}: ${renderBitRate(run.steady)}`,
    ],
  )
}

/** Windows and buffers: what shows only where they, not the path, keep the connection from going faster. */
export const windows: Rule = (side, run, alone) => {
  const { shares } = run
  if (shares === null || (!alone && queueOf(side, run)?.isStanding === true)) return null
  const isReceiver = shares.receiverWindow >= shares.sendBuffer
  const share = isReceiver ? shares.receiverWindow : shares.sendBuffer
  const isUnused = shares.windowUsed !== null && shares.windowUsed < UNUSED
  if (share < (isUnused ? UNUSED_WINDOW_SHARE : WINDOW_SHARE)) return null
  const each = renderBitRate(run.steady / run.streams)
  const rtt = shares.medianRttMs === null ? '' : ` at a round trip of ${milliseconds(shares.medianRttMs)}`
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
      queueOf(side, run)?.sentence ?? null,
      growthSentence(side),
    ],
  )
}
