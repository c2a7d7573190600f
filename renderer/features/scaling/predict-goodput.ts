import type { AutoscaleView } from '../../../contract/app.ts'
import { effectiveTunnels } from '../../../domain/planner/capacity.ts'
import { ASSUMPTIONS } from '../../../domain/planner/conditions.ts'
import { payloadShare } from '../../../domain/planner/overhead.ts'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'

/** How far a figure can be trusted. */
export type Basis = 'measured' | 'estimated' | 'unknown'

/** What one tunnel carries, and how that is known. */
export type TunnelCapacity = {
  readonly bitsPerSecond: number | null
  readonly basis: Basis
  /** Where the figure comes from, not a sentence yet. */
  readonly origin: string
}

/** From what was measured here; else, in the lab, from how its paths are shaped; else from the planner's assumption. Pure. */
export const tunnelCapacityOf = (
  plan: DeploymentPlan,
  autoscale: Pick<AutoscaleView, 'capacityPerTunnelBitsPerSecond' | 'capacityOrigin'> | null,
): TunnelCapacity => {
  if (autoscale?.capacityPerTunnelBitsPerSecond != null)
    return {
      bitsPerSecond: autoscale.capacityPerTunnelBitsPerSecond,
      basis: 'measured',
      origin: autoscale.capacityOrigin,
    }
  if (plan.target === 'lab')
    return {
      bitsPerSecond: plan.labPathRateBitsPerSecond * payloadShare(plan.mtuBytes),
      basis: 'estimated',
      origin: 'estimated: the rate that the lab’s paths are shaped to, less headers',
    }
  return {
    bitsPerSecond: null,
    basis: 'unknown',
    origin: autoscale?.capacityOrigin || 'not measured yet: no tunnel was ever full',
  }
}

/** Payload of all tunnels together, in one direction: from … to. */
export type GoodputRange = { readonly least: number; readonly most: number }

/**
 * What so many tunnels carry: at most the sum; at least what the specification asks of how tunnels add up, when there are
 * as many connections as tunnels. `null` where the capacity is not known. Pure.
 * @param ceiling what something else lets through, such as the gateway of the cloud
 */
export const predictGoodput = (
  capacity: TunnelCapacity,
  tunnels: number,
  ceiling = Number.POSITIVE_INFINITY,
): GoodputRange | null => {
  if (capacity.bitsPerSecond === null || tunnels < 1) return null
  const least = effectiveTunnels(tunnels, ASSUMPTIONS.eightTunnelsShare.value) * capacity.bitsPerSecond
  return { least: Math.min(least, ceiling), most: Math.min(tunnels * capacity.bitsPerSecond, ceiling) }
}
