import { DeploymentPlan } from '../tunnel-plan.ts'

type Piece = (plan: DeploymentPlan, as: DeploymentPlan) => DeploymentPlan

const withCarriage = (plan: DeploymentPlan, carriage: Partial<DeploymentPlan['carriage']>): DeploymentPlan => ({
  ...plan,
  carriage: { ...plan.carriage, ...carriage },
})

const withWanted = (plan: DeploymentPlan, wanted: Partial<DeploymentPlan['tuning']['wanted']>): DeploymentPlan => ({
  ...plan,
  tuning: { ...plan.tuning, wanted: { ...plan.tuning.wanted, ...wanted } },
})

const buffers: Piece = (plan, as) => withWanted(plan, { buffers: as.tuning.wanted.buffers })

/** What a probe may choose of a plan, by the configuration's keys. */
const PIECES: Readonly<Record<string, Piece>> = {
  'deployment.tunnels': (plan, { tunnels }) => ({ ...plan, tunnels }),
  'deployment.bastions': (plan, { bastions }) => ({ ...plan, bastions }),
  'tunnel.mtu': (plan, { mtuBytes }) => ({ ...plan, mtuBytes }),
  'mptcp.enable': (plan, { carriage }) => withCarriage(plan, { mptcp: carriage.mptcp }),
  'optimization.tcp_congestion': (plan, { tuning }) => withWanted(plan, { congestion: tuning.wanted.congestion }),
  'optimization.buffer_sizes.rmem_max': buffers,
  'optimization.buffer_sizes.wmem_max': buffers,
  'optimization.enable_process_pinning': (plan, { tuning }) => withWanted(plan, { pinning: tuning.wanted.pinning }),
  'aws.instance_types': (plan, { aws }) =>
    plan.aws === null || aws === null ? plan : { ...plan, aws: { ...plan.aws, instanceTypes: aws.instanceTypes } },
}

/** The keys that a probe may choose. */
export const CHOSEN_KEYS: readonly string[] = Object.keys(PIECES)

/**
 * The plan, but for these keys as another plan has them; `null` where that is no plan. A plan never has more bastions than
 * tunnels, nor fewer tunnels than its range. Pure.
 */
export const heldAs = (plan: DeploymentPlan, as: DeploymentPlan, keys: readonly string[]): DeploymentPlan | null => {
  const held = keys.reduce((before, key) => PIECES[key]?.(before, as) ?? before, plan)
  const { tunnels, bastions, minTunnels, maxTunnels } = held
  const parsed = DeploymentPlan.safeParse({
    ...held,
    bastions: Math.min(bastions, tunnels),
    minTunnels: Math.min(minTunnels, tunnels),
    maxTunnels: Math.max(maxTunnels, tunnels),
  })
  return parsed.success ? parsed.data : null
}
