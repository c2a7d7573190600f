import { MoleError } from './errors.ts'
import type { Limits } from './limits.ts'
import { STREAM_WINDOW } from './stream-protocol.ts'

/** The serving end of one stream. */
export type OutgoingStream = {
  /** The reader has taken every event up to `seq`. */
  acknowledge(seq: number): void
  /** Resolves when the handler's generator has come to its end, however the stream ended. */
  readonly settled: Promise<void>
}

export type OutgoingOptions = {
  readonly delivery: 'latest' | 'all'
  readonly limits: Limits
  /** Ends the stream when aborted; aborted when the stream ends. */
  readonly abort: AbortController
  /** Starts the handler; its events are valid. */
  events(): AsyncIterable<unknown>
  send(seq: number, event: unknown): Promise<void>
  /** Called once, unless the stream was aborted: `null` when it came to its own end. */
  onEnd(failure: Failure | null): void
}
export type Failure = { readonly error: unknown }

/** A generator that never waits must not keep everybody else from running. */
const EVENTS_PER_TURN = 64
const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

const slowReader = (): MoleError =>
  new MoleError('slow-reader', 'The reader of this stream fell too far behind.', {
    meaning: 'The stream was ended, because its events may not be dropped.',
    nextStep: 'Open it again: its first event is the current state.',
  })

/**
 * Pulls the handler's events into a bounded queue and sends them as far as the reader's credit goes. A full queue drops
 * its oldest event (`latest`; never the first of the stream, which needs no credit) or waits a while (`all`).
 */
export const startOutgoingStream = (options: OutgoingOptions): OutgoingStream => {
  const { abort, delivery, limits } = options
  const queue: unknown[] = []
  let sent = 0
  let acknowledged = 0
  let sending = false
  let over = false
  /** Called whenever the queue has shrunk or the stream is over. */
  let onRoom = (): void => {}

  const stop = (): void => {
    over = true
    queue.length = 0
    abort.abort()
    onRoom()
  }

  const end = (failure: Failure | null): void => {
    if (over) return
    stop()
    options.onEnd(failure)
  }

  const sendWhatCreditAllows = async (): Promise<void> => {
    if (sending) return
    sending = true
    while (!over && queue.length > 0 && sent - acknowledged < STREAM_WINDOW) {
      const event = queue.shift()
      sent += 1
      onRoom()
      await options.send(sent, event)
    }
    sending = false
  }
  const flush = (): void => void sendWhatCreditAllows().catch((error: unknown) => end({ error }))

  /** Waits until the queue holds fewer than `length` events or the stream is over; `false` when that takes too long. */
  const room = (length: number, withinMs?: number): Promise<boolean> =>
    new Promise((resolve) => {
      const timer = withinMs === undefined ? undefined : setTimeout(() => resolve(false), withinMs)
      onRoom = () => {
        if (!over && queue.length >= length) return
        clearTimeout(timer)
        onRoom = () => {}
        resolve(true)
      }
      onRoom()
    })

  const put = async (event: unknown): Promise<void> => {
    const isFull = queue.length >= limits.streamQueue
    if (isFull && delivery === 'latest') queue.shift()
    if (isFull && delivery === 'all' && !(await room(limits.streamQueue, limits.slowReaderMs)))
      return end({ error: slowReader() })
    if (over) return
    queue.push(event)
    flush()
  }

  const pull = async (): Promise<void> => {
    let pulled = 0
    for await (const event of options.events()) {
      if (over) return
      await put(event)
      pulled += 1
      if (pulled % EVENTS_PER_TURN === 0) await nextTurn()
      if (over) return
    }
  }

  const run = async (): Promise<void> => {
    const failure = await pull().then(
      () => null,
      (error: unknown) => ({ error }),
    )
    await room(1)
    end(failure)
  }

  if (abort.signal.aborted) stop()
  else abort.signal.addEventListener('abort', stop, { once: true })

  return {
    settled: run(),
    acknowledge: (seq) => {
      if (seq <= acknowledged || seq > sent) return
      acknowledged = seq
      flush()
    },
  }
}
