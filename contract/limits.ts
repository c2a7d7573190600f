/** Bounds on what one connection may take of a process, whoever is at its other end. */
export type Limits = {
  /** Calls whose handler is still at work; one more is answered `capacity`. */
  readonly concurrentCalls: number
  /** Streams whose handler is still at work; one more is answered `capacity`. */
  readonly concurrentStreams: number
  /** Events a stream keeps while its reader has no credit left. */
  readonly streamQueue: number
  /** How long a full queue of a stream that may not drop events waits for its reader. */
  readonly slowReaderMs: number
}

export const DEFAULT_LIMITS: Limits = {
  concurrentCalls: 256,
  concurrentStreams: 64,
  streamQueue: 1024,
  slowReaderMs: 2000,
}

/** Largest frame, in bytes of UTF-8. */
export const MAX_FRAME_BYTES = 1024 * 1024

/** Characters written but not yet taken by the transport; a peer that lets more pile up does not read and is cut off. */
export const MAX_UNSENT_CHARACTERS = 16 * MAX_FRAME_BYTES

/** Characters received before anybody listens (during authentication). */
export const MAX_UNHEARD_CHARACTERS = 4 * MAX_FRAME_BYTES
