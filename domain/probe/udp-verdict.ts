import type { UdpStep } from './bandwidth.ts'
import { percent } from './evidence.ts'
import { udpArrived, udpOnWire } from './rates.ts'

/** What the UDP steps show of the path. Rates are of IP packets. */
export type UdpVerdict = {
  /** Share lost at the lowest rate, where nothing is full; `null` where that was near a cap already. */
  readonly baseLossRatio: number | null
  /** The most that arrived of one flow that was offered more than it may have; `null` where all of it arrived. */
  readonly flowCap: number | null
  /** The most that arrived of one flow of which hardly more was lost than at the lowest rate. */
  readonly passed: number
  /** What arrived of several flows together. */
  readonly manyFlows: { readonly flows: number; readonly arrived: number } | null
  /** What arrived of flows that each kept to their cap, but all together were cut: what the path carries. */
  readonly filled: UdpVerdict['manyFlows']
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
/** Up to this share of what a flow may have, a loss is not its cap's. */
const IDLE_SHARE = 0.75
/** What one TCP connection carries against it refutes a cap of each flow. */
const REFUTED = 1.15

const megabits = (bitsPerSecond: number): string => `${(bitsPerSecond / 1e6).toFixed(1)} Mbit/s`

/** Of what was not lost so much arrives; less, and the sender gave less than it was to. */
const GIVEN_SHARE = 0.9

const stepSentence = ({ flows, offeredBitsPerSecond, receivedBitsPerSecond, lossRatio }: UdpStep): string => {
  const isGiven = receivedBitsPerSecond.value >= offeredBitsPerSecond * (1 - lossRatio) * GIVEN_SHARE
  const offered = `UDP, ${flows} ${flows === 1 ? 'flow' : 'flows'} offered ${megabits(offeredBitsPerSecond)}`
  const arrived = `${megabits(receivedBitsPerSecond.value)} arrived, ${percent(lossRatio)} lost`
  return `${offered}: ${arrived}${isGiven ? '' : ', the sender gave no more'} (iperf3)`
}

const capOf = (flowCap: number | null, several: readonly UdpStep[], tcpFlow: number): UdpVerdict['cap'] => {
  if (flowCap === null || several.length === 0) return null
  if (tcpFlow <= flowCap * REFUTED && several.some((step) => udpArrived(step) >= step.flows * flowCap * PER_FLOW_SHARE))
    return 'per-flow'
  const isOffered = several.some((step) => step.offeredBitsPerSecond >= flowCap * SHARED_GAIN)
  return isOffered && several.every((step) => udpArrived(step) <= flowCap * SHARED_GAIN) ? 'shared' : null
}

const udpOffered = ({ offeredBitsPerSecond, payloadBytes }: UdpStep): number =>
  offeredBitsPerSecond * udpOnWire(payloadBytes)

const byArrived = (steps: readonly UdpStep[]): UdpStep[] => steps.toSorted((a, b) => udpArrived(b) - udpArrived(a))

/** Up to this many times what it may have, what is lost of a flow is not its own cap's doing. */
const KEPT = 1.05

/** The step whose flows each kept to what one may have, and that lost as much as a full path does. */
const fillingOf = (several: readonly UdpStep[], flowCap: number, idleLoss: number): UdpVerdict['manyFlows'] => {
  const cut = several.filter(
    (step) => udpOffered(step) / step.flows <= flowCap * KEPT && step.lossRatio > idleLoss + KNEE_LOSS,
  )
  const [most] = byArrived(cut)
  return most === undefined ? null : { flows: most.flows, arrived: udpArrived(most) }
}

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
  const cap = capOf(flowCap, several, tcpFlow)
  return {
    baseLossRatio: flowCap !== null && udpOffered(lowest) > flowCap * IDLE_SHARE ? null : lowest.lossRatio,
    flowCap,
    passed: Math.max(...single.filter(({ lossRatio }) => lossRatio <= lowest.lossRatio + KNEE_LOSS).map(udpArrived)),
    manyFlows: most === undefined ? null : { flows: most.flows, arrived: udpArrived(most) },
    filled: cap === 'per-flow' && flowCap !== null ? fillingOf(several, flowCap, lowest.lossRatio) : null,
    cap,
    evidence: [...(single.length > 1 ? [lowest] : []), ...(isFull ? single.slice(-1) : []), ...several].map(
      stepSentence,
    ),
  }
}
