import { MoleError } from './errors.ts'
import { STREAM_WINDOW } from './stream-protocol.ts'

/** The reading end of one stream. */
export type IncomingStream<E> = {
  readonly iterator: AsyncIterator<E, undefined>
  deliver(seq: number, event: E): void
  /** No more events will come; `null` when the stream came to its own end. What is already here is still read. */
  end(error: MoleError | null): void
  /** The reader wants no more: what is already here is dropped, the sender is told. */
  leave(error: MoleError | null): void
}

export type IncomingOptions = {
  acknowledge(seq: number): void
  /** Called once, when the stream is over; `byReader` when the sender does not know it yet. */
  onOver(byReader: boolean): void
}

/** Half of the sender's window, so that it never runs dry while the reader keeps up, and acknowledging costs little. */
const ACKNOWLEDGE_EVERY = STREAM_WINDOW / 2

type Reader<E> = PromiseWithResolvers<IteratorResult<E, undefined>>

const DONE = { done: true, value: undefined } as const

/** Queues events for a reader that pulls them; the sender's window bounds the queue. */
export const incomingStream = <E>({ acknowledge, onOver }: IncomingOptions): IncomingStream<E> => {
  const events: E[] = []
  const readers: Reader<E>[] = []
  let received = 0
  let taken = 0
  let over = false
  let failure: MoleError | null = null

  const take = (): E => {
    taken += 1
    if (taken % ACKNOWLEDGE_EVERY === 0 && !over) acknowledge(taken)
    return events.shift() as E
  }

  const settle = (): void => {
    while (readers.length > 0 && (events.length > 0 || over)) {
      const reader = readers.shift() as Reader<E>
      if (events.length > 0) reader.resolve({ done: false, value: take() })
      else if (failure === null) reader.resolve(DONE)
      else {
        reader.reject(failure)
        failure = null
      }
    }
  }

  const finish = (error: MoleError | null, byReader: boolean): void => {
    if (over) return
    over = true
    failure = error
    onOver(byReader)
    settle()
  }

  const leave = (error: MoleError | null): void => {
    events.length = 0
    finish(error, true)
  }

  return {
    leave,
    end: (error) => finish(error, false),
    deliver: (seq, event) => {
      if (over) return
      received += 1
      if (seq !== received) return leave(new MoleError('internal', `The stream jumped to event ${seq}.`))
      events.push(event)
      settle()
    },
    iterator: {
      next: () => {
        const reader: Reader<E> = Promise.withResolvers()
        readers.push(reader)
        settle()
        return reader.promise
      },
      return: async () => {
        leave(null)
        return DONE
      },
    },
  }
}
