import type { Clock } from '../clock.ts'

/** A clock that stands still but for sleeping, which takes no time: hours of patience pass at once. */
export const skippingClock = (): Clock => {
  let nowMs = 0
  return {
    wallMs: () => Date.UTC(2026, 10, 21) + nowMs,
    monotonicMs: () => nowMs,
    sleep: async (ms, signal) => {
      if (signal?.aborted !== true) nowMs += ms
      // Others take their turn, as they would.
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}
