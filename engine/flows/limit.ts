import type { FlowSample } from '../../contract/helper.ts'

/** What holds a connection back. `path`: nothing at its ends does. */
export type Limit = {
  readonly by: 'application' | 'receiver' | 'send-buffer' | 'loss' | 'path'
  /** With the figures that show it, as one sentence. */
  readonly sentence: string
}

/** What of the time something must have held it back to be named. */
const NAMED_SHARE = 0.2
/** Less than this share of the time sending, an application has not given enough to fill anything. */
const BUSY_SHARE = 0.8
/** Losses from which a congestion control that takes them for a full path slows down markedly. */
const LOSS_SHARE = 0.01
const SEGMENT_BYTES = 1400
/** Below this nothing can be said: a few segments. */
const FEWEST_BYTES = 64 * 1024

const percent = (share: number): string => `${Math.round(Math.min(1, share) * 100)} %`
const milliseconds = (ms: number): string => (ms < 10 ? ms.toFixed(1) : ms.toFixed(0))
const megabits = (bitsPerSecond: number): string => {
  const value = bitsPerSecond / 1e6
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} Mbit/s`
}

/** What was counted between two looks; since it began where there was none before. */
const between = (before: FlowSample | null, now: FlowSample) => ({
  sent: now.bytesSent - (before?.bytesSent ?? 0),
  received: now.bytesReceived - (before?.bytesReceived ?? 0),
  busyMs: now.busyMs - (before?.busyMs ?? 0),
  receiverMs: now.receiverLimitedMs - (before?.receiverLimitedMs ?? 0),
  sendBufferMs: now.sendBufferLimitedMs - (before?.sendBufferLimitedMs ?? 0),
  retransmits: now.retransmits - (before?.retransmits ?? 0),
})

const pathSentence = ({ congestionControl, congestionWindow, rttMs, pacingBitsPerSecond }: FlowSample): string => {
  const control = congestionControl === '' ? 'the congestion control' : congestionControl
  const pace = pacingBitsPerSecond === null ? '' : `; it may send ${megabits(pacingBitsPerSecond)}`
  return congestionWindow === null || rttMs === null
    ? `The path: neither end holds it back${pace}.`
    : `The path: ${control} keeps ${congestionWindow} segments under way for ${milliseconds(rttMs)} ms${pace}.`
}

/**
 * What holds the sending of a connection back, between two looks `elapsedMs` apart (`null` where there was no earlier one), by
 * the times the kernel counts (`tcp_info`: busy, rwnd_limited, sndbuf_limited). `null` where nothing shows: it receives, or
 * hardly sends. Pure.
 */
export const limitOf = (before: FlowSample | null, now: FlowSample, elapsedMs: number | null): Limit | null => {
  const { sent, received, busyMs, receiverMs, sendBufferMs, retransmits } = between(before, now)
  // Connection tracking tells bytes alone.
  if (now.rttMs === null || sent < FEWEST_BYTES || received > sent || busyMs <= 0) return null
  const [receiver, sendBuffer] = [receiverMs / busyMs, sendBufferMs / busyMs]
  if (receiver >= NAMED_SHARE && receiver >= sendBuffer)
    return { by: 'receiver', sentence: `The receiver: its window was full for ${percent(receiver)} of the time.` }
  if (sendBuffer >= NAMED_SHARE)
    return {
      by: 'send-buffer',
      sentence: `Its own send buffer: it was too small for ${percent(sendBuffer)} of the time.`,
    }
  const busy = elapsedMs === null ? null : busyMs / elapsedMs
  if (now.applicationLimited && (busy === null || busy < BUSY_SHARE)) {
    const idle = busy === null ? '' : ` for ${percent(1 - busy)} of the time`
    return { by: 'application', sentence: `The application: it gave nothing to send${idle}.` }
  }
  const loss = (retransmits * SEGMENT_BYTES) / sent
  if (loss >= LOSS_SHARE)
    return { by: 'loss', sentence: `Loss: ${percent(loss)} of what was sent had to be sent again.` }
  return { by: 'path', sentence: pathSentence(now) }
}
