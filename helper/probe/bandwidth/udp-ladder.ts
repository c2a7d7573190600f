import type { UdpStep } from '../../../domain/probe/bandwidth.ts'

/** A step to take. */
export type UdpRate = { readonly flows: number; readonly bitsPerSecondOfFlow: number; readonly seconds: number }

/** Of the best rate that TCP reached: below it, at it, and above it. */
const SHARES = [0.25, 0.5, 1, 1.25] as const
/** Then, while all that is sent arrives, twice the best seen: TCP may have been held back by something else than the path. */
const MOST_SINGLE_STEPS = 12
/**
 * Then so many flows, at what one could carry: a limit of each flow is not one of the path. More than these only while each
 * flow is cut and all of them pass: until the path itself is full.
 */
const FLOWS = [2, 4] as const
const MORE_FLOWS = [8, 16] as const
/** Never is more offered than this many times the best seen: others use the path too. */
const MOST_ABOVE_BEST = 2
/** A step passed when no more was lost, and the sender was not held back. The rate is a little less on long paths anyway. */
const PASSED_LOSS_RATIO = 0.1
const PASSED_RATE_RATIO = 0.75
/** Fewer datagrams a second than these tell nothing. */
const FEWEST_DATAGRAMS = 20

const best = (rates: readonly number[]): number => rates.reduce((most, rate) => Math.max(most, rate), 0)

const hasPassed = ({ offeredBitsPerSecond, receivedBitsPerSecond, lossRatio }: UdpStep): boolean =>
  lossRatio <= PASSED_LOSS_RATIO && receivedBitsPerSecond.value >= PASSED_RATE_RATIO * offeredBitsPerSecond

export type LadderBasis = {
  /** Best goodput of TCP; where there is none, a guess to begin with. */
  readonly tcpBitsPerSecond: number
  readonly stepSeconds: number
  readonly payloadBytes: number
}

/** The next step, by what the ones before brought; `null` when there is no more to learn. Pure. */
export const nextUdpRate = (basis: LadderBasis, steps: readonly UdpStep[]): UdpRate | null => {
  const single = steps.filter(({ flows }) => flows === 1)
  const several = steps.filter(({ flows }) => flows > 1)
  const received = best(single.map(({ receivedBitsPerSecond }) => receivedBitsPerSecond.value))
  const bestSeen = Math.max(basis.tcpBitsPerSecond, best(steps.map((step) => step.receivedBitsPerSecond.value)))
  const least = FEWEST_DATAGRAMS * basis.payloadBytes * 8
  const step = (flows: number, rate: number, seconds: number): UdpRate => ({
    flows,
    bitsPerSecondOfFlow: Math.round(Math.max(least, rate)),
    seconds,
  })
  const share = SHARES[single.length]
  if (several.length === 0 && share !== undefined) return step(1, share * basis.tcpBitsPerSecond, basis.stepSeconds)
  // One step that did not pass may be chance: it is full when the next, at still more, does not either.
  const isFull = single.length > 1 && !single.slice(-2).some(hasPassed)
  if (several.length === 0 && single.length < MOST_SINGLE_STEPS && !isFull)
    return step(1, MOST_ABOVE_BEST * bestSeen, 1)
  const goesOn = isFull && several.slice(-1).some(hasPassed)
  const flows = FLOWS[several.length] ?? (goesOn ? MORE_FLOWS[several.length - FLOWS.length] : undefined)
  if (flows === undefined || received <= 0) return null
  return step(flows, Math.min(received, (MOST_ABOVE_BEST * bestSeen) / flows), basis.stepSeconds)
}
