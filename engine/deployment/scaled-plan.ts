import { badInput } from '../../contract/errors.ts'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'

/**
 * The plan with another number of tunnels or bastions; `null` leaves it. Fewer tunnels than bastions take bastions
 * along, unless somebody asked for so many. Pure.
 * @throws MoleError `bad-input` when the plan does not allow it.
 */
export const scaledPlan = (plan: DeploymentPlan, tunnels: number | null, bastions: number | null): DeploymentPlan => {
  const count = tunnels ?? Math.max(plan.tunnels, bastions ?? 0)
  const scaled = DeploymentPlan.safeParse({
    ...plan,
    tunnels: count,
    bastions: bastions ?? Math.min(plan.bastions, Math.max(1, count)),
  })
  if (scaled.success) return scaled.data
  throw badInput(scaled.error, 'scale')
}
