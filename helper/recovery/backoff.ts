/** When something that fails, or does not last, is to be tried again. */
export type Backoff = {
  /** How long to wait before a try that is wanted now. Counts it. */
  readonly next: (nowMs: number) => number
}

const FIRST_MS = 1000
const LONGEST_MS = 60_000

/** At once after a long quiet; then after 1, 2, 4 … 60 s. What has lasted for twice the longest pause is forgotten. */
export const makeBackoff = (): Backoff => {
  let tries = 0
  let triedAtMs = Number.NEGATIVE_INFINITY
  return {
    next: (nowMs) => {
      if (nowMs - triedAtMs > 2 * LONGEST_MS) tries = 0
      const pauseMs = tries === 0 ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** (tries - 1))
      const waitMs = Math.max(0, triedAtMs + pauseMs - nowMs)
      tries += 1
      triedAtMs = nowMs + waitMs
      return waitMs
    },
  }
}
