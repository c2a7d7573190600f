/** Takes one from the bucket; `false` when it is empty. */
export type RateLimit = () => boolean

/** A token bucket: `burst` at once, `perSecond` for ever. `nowMs` is a monotonic clock. */
export const makeRateLimit = (
  burst: number,
  perSecond: number,
  nowMs: () => number = () => performance.now(),
): RateLimit => {
  let tokens = burst
  let lastMs = nowMs()
  return () => {
    const now = nowMs()
    tokens = Math.min(burst, tokens + ((now - lastMs) / 1000) * perSecond)
    lastMs = now
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}
