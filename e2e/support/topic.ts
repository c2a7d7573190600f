/** A value that others follow. */
export type Topic<T> = {
  get(): T
  set(value: T): void
  /** The value now, then every later one, until `signal` aborts. */
  follow(signal: AbortSignal): AsyncGenerator<T, void, void>
}

/** Events without a current value: only what is told from now on. */
export type Channel<T> = {
  tell(event: T): void
  listen(signal: AbortSignal): AsyncGenerator<T, void, void>
}

export const createChannel = <T>(): Channel<T> => {
  const listeners = new Set<(event: T) => void>()
  return {
    tell: (event) => {
      for (const listener of [...listeners]) listener(event)
    },
    async *listen(signal) {
      const queue: T[] = []
      let wake: () => void = () => {}
      const listener = (event: T): void => {
        queue.push(event)
        wake()
      }
      const abort = (): void => wake()
      listeners.add(listener)
      signal.addEventListener('abort', abort)
      try {
        while (!signal.aborted) {
          while (queue.length > 0) yield queue.shift() as T
          if (signal.aborted) return
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      } finally {
        listeners.delete(listener)
        signal.removeEventListener('abort', abort)
      }
    },
  }
}

export const createTopic = <T>(initial: T): Topic<T> => {
  const channel = createChannel<T>()
  let current = initial
  return {
    get: () => current,
    set: (value) => {
      current = value
      channel.tell(value)
    },
    async *follow(signal) {
      // Listening begins before the first value is taken, so that no change falls in between.
      const later = channel.listen(signal)
      const next = later.next()
      yield current
      const first = await next
      if (first.done === true) return
      yield first.value
      yield* later
    },
  }
}
