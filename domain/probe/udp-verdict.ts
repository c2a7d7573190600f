import type { UdpStep } from './bandwidth.ts'
import { udpArrived } from './rates.ts'

/** What the UDP steps show of the path. Rates are of IP packets. */
export type UdpVerdict = {
  /** Share lost at the lowest rate, where nothing is full. */
  readonly baseLossRatio: number
  /** The most that arrived of one flow that was offered more than it may have; `null` where all of it arrived. */
  readonly flowCap: number | null
  /** What arrived of several flows together. */
  readonly manyFlows: { readonly flows: number; readonly arrived: number } | null
  /** `per-flow`: several flows carry more than one; `shared`: they carry the same together; `null`: it does not show. */
  readonly cap: 'per-flow' | 'shared' | null
  readonly evidence: readonly string[]
}

/** Loss beyond that at the lowest rate, from which on something on the way is full. */
const KNEE_LOSS = 0.05
/** Of so many times what one flow carries, so much arrives of several if each has a limit of its own … */
const PER_FLOW_SHARE = 0.8
/** … and at most so many times what one carries if they share it, of at least as much that was offered. */
const SHARED_GAIN = 1.4
/** What one TCP connection carries against it refutes a cap of each flow. */
const REFUTED = 1.15

const percent = (ratio: number): string => `${(ratio * 100).toFixed(ratio < 0.1 ? 1 : 0)} %`
const megabits = (bitsPerSecond: number): string => `${(bitsPerSecond / 1e6).toFixed(1)} Mbit/s`

const stepSentence = (step: UdpStep): string =>
  `UDP, ${step.flows} ${step.flows === 1 ? 'flow' : 'flows'} offered ${megabits(step.offeredBitsPerSecond)}: ${megabits(step.receivedBitsPerSecond.value)} arrived, ${percent(step.lossRatio)} lost (iperf3)`

const capOf = (flowCap: number | null, several: readonly UdpStep[], tcpFlow: number): UdpVerdict['cap'] => {
  if (flowCap === null || several.length === 0) return null
  if (tcpFlow <= flowCap * REFUTED && several.some((step) => udpArrived(step) >= step.flows * flowCap * PER_FLOW_SHARE))
    return 'per-flow'
  const isOffered = several.some((step) => step.offeredBitsPerSecond >= flowCap * SHARED_GAIN)
  return isOffered && several.every((step) => udpArrived(step) <= flowCap * SHARED_GAIN) ? 'shared' : null
}

const byArrived = (steps: readonly UdpStep[]): UdpStep[] => steps.toSorted((a, b) => udpArrived(b) - udpArrived(a))

/**
 * What the steps of UDP show: the loss of an idle path, where it is full, and whether for each flow or for all. `tcpFlow` is the
 * most that one TCP connection carried that way, in IP packets. Pure.
 */
export const udpVerdictOf = (steps: readonly UdpStep[], tcpFlow = 0): UdpVerdict | null => {
  const single = steps
    .filter(({ flows }) => flows === 1)
    .sort((a, b) => a.offeredBitsPerSecond - b.offeredBitsPerSecond)
  const lowest = single[0]
  if (lowest === undefined) return null
  const isFull = (single.at(-1)?.lossRatio ?? 0) > lowest.lossRatio + KNEE_LOSS
  const several = steps.filter(({ flows }) => flows > 1)
  // What once arrived of one flow is no more than it may have: a sender that is in trouble at a higher rate shows less.
  const [fullest] = isFull ? byArrived(single) : []
  const [most] = byArrived(several)
  const flowCap = fullest === undefined ? null : udpArrived(fullest)
  return {
    baseLossRatio: lowest.lossRatio,
    flowCap,
    manyFlows: most === undefined ? null : { flows: most.flows, arrived: udpArrived(most) },
    cap: capOf(flowCap, several, tcpFlow),
    evidence: [...(single.length > 1 ? [lowest] : []), ...(isFull ? single.slice(-1) : []), ...several].map(
      stepSentence,
    ),
  }
}
