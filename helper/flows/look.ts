import type { OutputOf } from '../../contract/define.ts'
import type { HelperContract } from '../../contract/helper.ts'
import type { HostState } from '../../domain/host-state.ts'
import { observeMptcp } from '../mptcp/facts.ts'
import type { System } from '../system.ts'
import { observeFlows } from './bundle-flows.ts'

export type FlowsSeen = OutputOf<HelperContract, 'flows'>

/** Connections over the bundle now, and what of Multipath TCP is in force. `state`: what was last asked of this host. */
export const lookAtFlows = async (system: System, state: HostState | null): Promise<FlowsSeen> => {
  const [flows, mptcp] = await Promise.all([observeFlows(system, state), observeMptcp(system)])
  return { atMs: Date.now(), flows, mptcp }
}
