import { type Overflow, openQueue } from './queue.ts'

/** A value that changes, and its readers: each gets the current value first, then every change. */
export type Topic<T> = {
  current(): T
  publish(value: T): void
  stream(signal: AbortSignal): AsyncGenerator<T, void, void>
  /** Calls `listener` at each change; returns what ends it. */
  listen(listener: (value: T) => void): () => void
  /** Ends every stream. */
  end(): void
}

/** Values unread by one reader before the oldest go; each value is whole, so no state is lost by that. */
const UNREAD_LIMIT = 256

export const openTopic = <T>(initial: T, overflow: Overflow = 'drop-oldest'): Topic<T> => {
  let value = initial
  let ended = false
  const listeners = new Set<(value: T) => void>()
  const endings = new Set<() => void>()

  const listen = (listener: (value: T) => void): (() => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  async function* stream(signal: AbortSignal): AsyncGenerator<T, void, void> {
    const queue = openQueue<T>(UNREAD_LIMIT, overflow)
    queue.push(value)
    const unlisten = listen(queue.push)
    endings.add(queue.end)
    if (ended) queue.end()
    try {
      yield* queue.values(signal)
    } finally {
      unlisten()
      endings.delete(queue.end)
    }
  }

  return {
    current: () => value,
    publish: (next) => {
      value = next
      for (const listener of [...listeners]) listener(next)
    },
    stream,
    listen,
    end: () => {
      ended = true
      for (const finish of [...endings]) finish()
    },
  }
}
