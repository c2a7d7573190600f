import type { DeploymentPlan } from '../tunnel-plan.ts'
import type { Config, ConfigValues } from './schema.ts'

/** The deployment that a configuration asks for. */
export const planOf = ({ deployment, tunnel, lab }: Config): DeploymentPlan => ({
  target: deployment.target,
  tunnels: deployment.tunnels,
  minTunnels: tunnel.min_tunnels,
  maxTunnels: tunnel.max_tunnels,
  baseCidr: tunnel.base_cidr,
  privateCidr: deployment.private_cidr,
  mtuBytes: tunnel.mtu,
  labPathRateBitsPerSecond: lab.path_rate,
})

/** The keys of the configuration that make the fields of a plan. */
export const PLAN_KEYS: Readonly<Record<keyof DeploymentPlan, string>> = {
  target: 'deployment.target',
  tunnels: 'deployment.tunnels',
  minTunnels: 'tunnel.min_tunnels',
  maxTunnels: 'tunnel.max_tunnels',
  baseCidr: 'tunnel.base_cidr',
  privateCidr: 'deployment.private_cidr',
  mtuBytes: 'tunnel.mtu',
  labPathRateBitsPerSecond: 'lab.path_rate',
}

/** The values that ask for a deployment like `plan`: what `planOf` makes of them is `plan` again. */
export const valuesOfPlan = (plan: DeploymentPlan): ConfigValues => ({
  deployment: { target: plan.target, tunnels: plan.tunnels, private_cidr: plan.privateCidr },
  tunnel: {
    min_tunnels: plan.minTunnels,
    max_tunnels: plan.maxTunnels,
    base_cidr: plan.baseCidr,
    mtu: plan.mtuBytes,
  },
  lab: { path_rate: plan.labPathRateBitsPerSecond },
})
