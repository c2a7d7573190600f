import { MoleError } from '../contract/errors.ts'

/** What happens when a reader leaves more than `limit` values unread. */
export type Overflow =
  /** Older values are stale anyway (samples, whole states): the oldest goes. */
  | 'drop-oldest'
  /** Every value counts: the stream ends with `slow-reader`. */
  | 'fail'

export type Queue<T> = {
  push(value: T): void
  /** Ends the stream after what is already in it. */
  end(): void
  values(signal: AbortSignal): AsyncGenerator<T, void, void>
}

/** A bounded queue between one writer and one reader of a stream. */
export const openQueue = <T>(limit: number, overflow: Overflow): Queue<T> => {
  const waiting: T[] = []
  let wake: () => void = () => undefined
  let ended = false
  let overrun = false

  const push = (value: T): void => {
    if (ended || overrun) return
    waiting.push(value)
    if (waiting.length > limit) {
      if (overflow === 'fail') overrun = true
      else waiting.shift()
    }
    wake()
  }

  const wait = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const finish = (): void => {
        signal.removeEventListener('abort', finish)
        resolve()
      }
      wake = finish
      if (signal.aborted) finish()
      else signal.addEventListener('abort', finish)
    })

  async function* values(signal: AbortSignal): AsyncGenerator<T, void, void> {
    while (!signal.aborted) {
      if (overrun) throw slowReader(limit)
      const next = waiting.shift()
      if (next !== undefined) yield next
      else if (ended) return
      else await wait(signal)
    }
  }

  return {
    push,
    values,
    end: () => {
      ended = true
      wake()
    },
  }
}

const slowReader = (limit: number): MoleError =>
  new MoleError('slow-reader', `The reader of this stream fell more than ${limit} events behind.`, {
    meaning: 'Events would have been lost.',
    nextStep: 'Open the stream again; its first event is the whole state.',
  })
