import type { UdpStep } from './bandwidth.ts'
import { udpArrived } from './rates.ts'

/** What the UDP steps show of the path. Rates are of IP packets. */
export type UdpVerdict = {
  /** Share lost at the lowest rate, where nothing is full. */
  readonly baseLossRatio: number
  /** What arrived of one flow that was offered more than the path takes; `null` where it took all that was offered. */
  readonly flowCap: number | null
  /** What arrived of several flows together. */
  readonly manyFlows: { readonly flows: number; readonly arrived: number; readonly offered: number } | null
  /** `per-flow`: several flows carry more than one; `shared`: they carry the same together; `null`: it does not show. */
  readonly cap: 'per-flow' | 'shared' | null
  readonly evidence: readonly string[]
}

/** Loss beyond that at the lowest rate, from which on something on the way is full. */
const KNEE_LOSS = 0.03
/** Several flows together carry at least so many times what one does if each has a limit of its own … */
const PER_FLOW_GAIN = 1.5
/** … and at most so many times if they share it. */
const SHARED_GAIN = 1.2

const percent = (ratio: number): string => `${(ratio * 100).toFixed(ratio < 0.1 ? 1 : 0)} %`
const megabits = (bitsPerSecond: number): string => `${(bitsPerSecond / 1e6).toFixed(1)} Mbit/s`

const stepSentence = (step: UdpStep): string =>
  `UDP, ${step.flows} ${step.flows === 1 ? 'flow' : 'flows'} offered ${megabits(step.offeredBitsPerSecond)}: ${megabits(step.receivedBitsPerSecond.value)} arrived, ${percent(step.lossRatio)} lost (iperf3)`

const capOf = (flowCap: number | null, many: UdpVerdict['manyFlows']): UdpVerdict['cap'] => {
  if (flowCap === null || many === null) return null
  const gain = many.arrived / flowCap
  if (gain >= PER_FLOW_GAIN) return 'per-flow'
  // Less than that says nothing unless more was offered.
  return gain <= SHARED_GAIN && many.offered >= flowCap * SHARED_GAIN ? 'shared' : null
}

/** What the steps of UDP show: the loss of an idle path, where it is full, and whether for each flow or for all. Pure. */
export const udpVerdictOf = (steps: readonly UdpStep[]): UdpVerdict | null => {
  const single = steps
    .filter(({ flows }) => flows === 1)
    .sort((a, b) => a.offeredBitsPerSecond - b.offeredBitsPerSecond)
  const lowest = single[0]
  if (lowest === undefined) return null
  const full = single.filter(({ lossRatio }) => lossRatio > lowest.lossRatio + KNEE_LOSS)
  const fullest = full.toSorted((a, b) => udpArrived(b) - udpArrived(a))[0]
  const flowCap = fullest === undefined ? null : udpArrived(fullest)
  const most = steps.filter(({ flows }) => flows > 1).toSorted((a, b) => udpArrived(b) - udpArrived(a))[0]
  const manyFlows =
    most === undefined ? null : { flows: most.flows, arrived: udpArrived(most), offered: most.offeredBitsPerSecond }
  const told = [single.length > 1 ? lowest : undefined, fullest, most]
  return {
    baseLossRatio: lowest.lossRatio,
    flowCap,
    manyFlows,
    cap: capOf(flowCap, manyFlows),
    evidence: told.flatMap((step) => (step === undefined ? [] : [stepSentence(step)])),
  }
}
