import { z } from 'zod'

/**
 * Streams over JSON-RPC. The client opens one with a request and its own number for it; events come as notifications,
 * counted from 1 without gaps. The reader acknowledges what it has taken, and the server never has more than its
 * window under way: so a slow reader is noticed at the sender, where something can be done about it.
 */
export const STREAM_OPEN = 'stream.open'
export const STREAM_EVENT = 'stream.event'
export const STREAM_END = 'stream.end'
export const STREAM_CLOSE = 'stream.close'
export const STREAM_ACK = 'stream.ack'

/** Events sent but not yet acknowledged by the reader, at most. Both sides rely on it. */
export const STREAM_WINDOW = 64

const StreamNumber = z.int().min(1)

export const StreamOpen = z.strictObject({ stream: StreamNumber, method: z.string(), input: z.unknown() })
export const StreamClose = z.strictObject({ stream: StreamNumber })
export const StreamAck = z.strictObject({ stream: StreamNumber, seq: z.int().min(1) })
export const StreamEvent = z.strictObject({ stream: StreamNumber, seq: z.int().min(1), event: z.unknown() })
export const StreamEnd = z.strictObject({ stream: StreamNumber, error: z.unknown() })
