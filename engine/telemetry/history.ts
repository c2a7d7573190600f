import type { TelemetrySample } from '../../contract/app.ts'

/** An hour at one sample a second. */
export const HISTORY_SAMPLES = 3600

export type History = {
  add(sample: TelemetrySample): void
  /** The samples of the last `seconds`, oldest first, seen from the newest one. */
  last(seconds: number): TelemetrySample[]
  clear(): void
}

/** A ring: adding to a full one overwrites the oldest. */
export const openHistory = (capacity: number = HISTORY_SAMPLES): History => {
  let ring: TelemetrySample[] = []
  let next = 0

  const inOrder = (): TelemetrySample[] =>
    ring.length < capacity ? ring : [...ring.slice(next), ...ring.slice(0, next)]

  return {
    add: (sample) => {
      ring[next] = sample
      next = (next + 1) % capacity
    },
    last: (seconds) => {
      const samples = inOrder()
      const newest = samples.at(-1)
      return newest === undefined ? [] : samples.filter(({ atMs }) => atMs > newest.atMs - seconds * 1000)
    },
    clear: () => {
      ring = []
      next = 0
    },
  }
}
