/**
 * The engine's clock as seen from here. Behind `ssh -L` the two machines may disagree by minutes, and "connected for
 * −3 min" helps nobody. A live event arrives at once, so the smallest difference seen lately is the skew.
 */
const TRUSTED_SKEW_MS = 3000
const REMEMBERED = 8

const differences: number[] = []

/** Notes the time of an event that just happened on the engine. */
export const noteEngineTime = (atMs: number, nowMs = Date.now()): void => {
  differences.push(nowMs - atMs)
  if (differences.length > REMEMBERED) differences.shift()
}

/** Now, in the engine's milliseconds. Small differences are only transport and are ignored. */
export const engineNow = (nowMs = Date.now()): number => {
  if (differences.length === 0) return nowMs
  const skew = Math.min(...differences)
  return Math.abs(skew) < TRUSTED_SKEW_MS ? nowMs : nowMs - skew
}
