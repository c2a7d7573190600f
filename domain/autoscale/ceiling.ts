import { bastionCount, bastionProblems, type DeploymentPlan, MAX_TUNNELS_PER_BASTION } from '../tunnel-plan.ts'
import type { Ceiling } from './look.ts'

const percent = (share: number): string => `${Math.floor(share * 100)} %`

/** The most tunnels that the plan allows, and AWS's limits with it. */
const allowed = (plan: DeploymentPlan): Ceiling => {
  for (let tunnels = plan.tunnels; tunnels < plan.maxTunnels; tunnels += 1) {
    const [problem] = bastionProblems({ ...plan, tunnels: tunnels + 1 })
    if (problem !== undefined) return { tunnels, reason: `Another tunnel is not possible: ${problem.message}.` }
  }
  return { tunnels: plan.maxTunnels, reason: `${plan.maxTunnels} tunnels are the most allowed (tunnel.max_tunnels).` }
}

/**
 * The most tunnels that scaling by itself may reach now: the plan's own range, `aws.max_instances`, and, with the
 * budget used up (`budgetShare` ≥ 1), the bastions there are. Pure.
 */
export const ceilingOf = (plan: DeploymentPlan, budgetShare: number | null): Ceiling => {
  const most = allowed(plan)
  const room = bastionCount(plan) * MAX_TUNNELS_PER_BASTION
  if (budgetShare === null || budgetShare < 1 || room >= most.tunnels) return most
  return {
    tunnels: room,
    reason: `${percent(budgetShare)} of the budget is used: no further bastion is bought (aws.budget_usd).`,
  }
}

/** The fewest: the plan's own, and one for each bastion that was asked for. Pure. */
export const floorOf = ({ minTunnels, bastions }: DeploymentPlan): number => Math.max(minTunnels, bastions)
