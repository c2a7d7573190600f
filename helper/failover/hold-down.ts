/** How long a path that died stays out of the route: longer each time, forgotten after a while. */
export type HoldDown = {
  /** It has died. */
  readonly begin: (nowMs: number) => void
  readonly isOver: (nowMs: number) => boolean
}

const FIRST_MS = 1000
const LONGEST_MS = 60_000
/** Deaths longer ago count no more. */
const MEMORY_MS = 10 * 60_000

export const makeHoldDown = (): HoldDown => {
  let deathsMs: number[] = []
  let untilMs = Number.NEGATIVE_INFINITY
  return {
    begin: (nowMs) => {
      deathsMs = [...deathsMs.filter((atMs) => nowMs - atMs < MEMORY_MS), nowMs]
      untilMs = nowMs + Math.min(LONGEST_MS, FIRST_MS * 2 ** (deathsMs.length - 1))
    },
    isOver: (nowMs) => nowMs >= untilMs,
  }
}
