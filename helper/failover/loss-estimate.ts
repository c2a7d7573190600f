/** Share of a path's regular echoes that are lost lately, and whether that is much. */
export type LossEstimate = {
  readonly count: (isLost: boolean) => void
  readonly isHigh: () => boolean
  /** So many echoes in a row without an answer are no chance any more. */
  readonly unansweredNeeded: () => number
  readonly reset: () => void
}

/** Echoes the estimate remembers, roughly: 3 s of them at 10 a second. */
const MEMORY = 32
/** From here on a path is degraded, and no more once loss is back at the other. */
const HIGH = 0.1
const LOW = 0.03
/** How unlikely a silence must be to be taken for death: less than once in a year of constant suspicion. */
const CHANCE = 1e-9
/** Loss may have begun just now: half of all echoes lost is always reckoned with. */
const LEAST_RECKONED = 0.5
const MOST_RECKONED = 0.95
/** The estimate itself may be off by so much. */
const MARGIN = 0.1

export const makeLossEstimate = (): LossEstimate => {
  let ratio = 0
  let isHigh = false
  return {
    count: (isLost) => {
      ratio += ((isLost ? 1 : 0) - ratio) / MEMORY
      isHigh = ratio >= (isHigh ? LOW : HIGH)
    },
    isHigh: () => isHigh,
    unansweredNeeded: () => {
      const reckoned = Math.min(MOST_RECKONED, Math.max(LEAST_RECKONED, ratio + MARGIN))
      return Math.ceil(Math.log(CHANCE) / Math.log(reckoned))
    },
    reset: () => {
      ratio = 0
      isHigh = false
    },
  }
}
