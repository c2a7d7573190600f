/** How long an echo may take: by the smoothed round trip and its variation, as TCP reckons its timeout (RFC 6298). */
export type EchoTiming = {
  readonly heard: (rttMs: number) => void
  /** After so long an echo counts as late. */
  readonly lateAfterMs: () => number
}

const SHORTEST_MS = 20
const LONGEST_MS = 1000
/** Before the first echo came back nothing is known of the path. */
const UNKNOWN_MS = 200

/** Learns from each echo that comes back. */
export const makeEchoTiming = (): EchoTiming => {
  let smoothedMs: number | null = null
  let variationMs = 0
  return {
    heard: (rttMs) => {
      if (smoothedMs === null) {
        smoothedMs = rttMs
        variationMs = rttMs / 2
        return
      }
      variationMs += (Math.abs(smoothedMs - rttMs) - variationMs) / 4
      smoothedMs += (rttMs - smoothedMs) / 8
    },
    lateAfterMs: () => {
      const expectedMs = smoothedMs === null ? UNKNOWN_MS : smoothedMs + Math.max(10, 4 * variationMs)
      return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, expectedMs))
    },
  }
}
