import type { BottleneckName } from '../../domain/probe/analysis.ts'
import { SiteCondition } from '../../domain/probe/request.ts'

export type RateName = 'path' | 'flow' | 'goodput'

/** A path whose truth is known, and what a probe is to say of it. */
export type ProbeCase = {
  readonly name: string
  readonly condition: SiteCondition
  readonly mtuBytes: number
  /** Added to the round trip that the lab has by itself. */
  readonly delayMs: number
  /** The rates that are compared: of the path, of each flow, or of what the application sends. */
  readonly rates: Readonly<Partial<Record<RateName, number>>>
  readonly bottleneck: BottleneckName
}

const MBIT = 1e6

/** The congestion control is named, since what binds depends on it: BBR does not slow down for loss, CUBIC does. */
const conditionOf = (given: Partial<SiteCondition>): SiteCondition =>
  SiteCondition.parse({ congestionControl: 'cubic', delayMs: 10, ...given })

const caseOf = (
  name: string,
  given: Partial<SiteCondition>,
  truth: Partial<Pick<ProbeCase, 'rates' | 'bottleneck'>> = {},
): ProbeCase => {
  const condition = conditionOf(given)
  return {
    name,
    condition,
    mtuBytes: condition.blackHoleAboveBytes ?? condition.mtuBytes,
    delayMs: condition.delayMs,
    bottleneck: 'path-capacity',
    ...truth,
    rates: { path: condition.rateBitsPerSecond, ...truth.rates },
  }
}

/** The issue of the table: one row each. */
export const PROBE_CASES: readonly ProbeCase[] = [
  ...[50, 100, 200].map((rate) => caseOf(`path of ${rate} Mbit/s`, { rateBitsPerSecond: rate * MBIT })),
  ...[1280, 1500, 1800, 9000].map((mtuBytes) => caseOf(`MTU of ${mtuBytes}`, { mtuBytes })),
  ...[5, 30, 80].map((delayMs) => caseOf(`${delayMs} ms added`, { delayMs, rateBitsPerSecond: 100 * MBIT })),
  caseOf('black hole above 1400', { blackHoleAboveBytes: 1400, rateBitsPerSecond: 100 * MBIT }),
  caseOf(
    'each flow policed at 100 Mbit/s, path of 400',
    { rateBitsPerSecond: 400 * MBIT, flowRateBitsPerSecond: 100 * MBIT },
    { rates: { flow: 100 * MBIT }, bottleneck: 'flow-policing' },
  ),
  caseOf(
    'sender with 20 Mbit/s to send',
    { senderBitsPerSecond: 20 * MBIT },
    { rates: { goodput: 20 * MBIT }, bottleneck: 'application' },
  ),
  caseOf(
    'receive buffer of 64 KiB, 30 ms',
    { receiveWindowBytes: 65_536, delayMs: 30 },
    { bottleneck: 'receiver-window' },
  ),
  caseOf('2 % loss, 30 ms', { lossRatio: 0.02, delayMs: 30 }, { bottleneck: 'loss' }),
]
