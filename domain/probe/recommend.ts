import type { PriceDocument } from '../planner/price-table.ts'
import { adviseBastion } from './advise-bastion.ts'
import { adviseBuffers, adviseCongestion, adviseMptcp, advisePinning } from './advise-host.ts'
import { adviseMtu, adviseStreams, adviseTunnels } from './advise-shape.ts'
import type { Found } from './analyse.ts'
import type { Analysis, Recommendation } from './analysis.ts'

/** What a recommendation is made from. */
export type Grounds = Found & {
  readonly analysis: Analysis
  /** `null`: nothing is said of bastions. */
  readonly prices: PriceDocument | null
  readonly region: string | null
  /** Measured through tunnels that are up: MTU and rates are those inside them. */
  readonly throughTunnels?: boolean
}

/** What to deploy, each with its reason; `null` where what was measured does not say. Pure. */
export const recommend = (grounds: Grounds): Recommendation => {
  const tunnels = adviseTunnels(grounds)
  const innerMtuBytes = adviseMtu(grounds)
  return {
    innerMtuBytes,
    tunnels,
    streams: adviseStreams(grounds),
    mptcp: adviseMptcp(grounds, tunnels?.value ?? null),
    congestionControl: adviseCongestion(grounds),
    bufferBytes: adviseBuffers(grounds),
    pinning: advisePinning(grounds, tunnels?.value ?? null),
    bastion: adviseBastion(grounds, tunnels?.value ?? null, innerMtuBytes?.value ?? null),
  }
}
