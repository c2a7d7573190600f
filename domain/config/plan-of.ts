import type { Autoscale } from '../autoscale.ts'
import type { AwsPlan } from '../aws-plan.ts'
import type { Carriage } from '../carriage.ts'
import type { Tuning } from '../tuning.ts'
import type { DeploymentPlan } from '../tunnel-plan.ts'
import { renderDuration } from './quantities.ts'
import type { Config, ConfigValues } from './schema.ts'

/** The lab's private network where none is asked for. In AWS it stands until the VPC's own is known. */
const LAB_PRIVATE_CIDR = '10.200.0.0/24'

const MS_PER_SECOND = 1000

const awsPlanOf = ({ deployment, aws }: Config): AwsPlan => ({
  profile: aws.profile,
  region: aws.region,
  vpcId: deployment.vpc,
  subnetIds: aws.subnets ?? [],
  availabilityZones: aws.availability_zones,
  instanceTypes: aws.instance_types,
  market: aws.market,
  maxBastions: aws.max_instances,
  wholeVpc: deployment.private_cidr === null,
  sourceCidr: aws.source_cidr,
  routing: aws.routing,
  leaseSeconds: Math.round(aws.lease / MS_PER_SECOND),
  budgetUsd: aws.budget_usd,
  atBudget: aws.at_budget,
})

const carriageOf = ({ tunnel, mptcp }: Config): Carriage => ({
  spread: tunnel.spread,
  probe: { intervalMs: tunnel.probe_interval, misses: tunnel.probe_misses },
  mptcp: mptcp.enable ? { strategy: mptcp.scheduler } : null,
  congestion: mptcp.congestion,
  relay: mptcp.relay,
  rotationSeconds: Math.round(tunnel.key_rotation / MS_PER_SECOND),
})

const autoscaleOf = ({ scaling }: Config): Autoscale => ({
  enabled: scaling.enable,
  upThreshold: scaling.scale_up_threshold,
  downThreshold: scaling.scale_down_threshold,
  intervalMs: scaling.scale_interval,
  upCooldownMs: scaling.scale_up_cooldown,
  downCooldownMs: scaling.scale_down_cooldown,
  elephantBytes: scaling.elephant_flow_threshold,
})

const tuningOf = ({ optimization }: Config): Tuning => {
  const { rmem_max: rmemMaxBytes, wmem_max: wmemMaxBytes } = optimization.buffer_sizes
  return {
    pinning: optimization.enable_process_pinning ? { reserveCores: optimization.reserve_cores } : null,
    governor: optimization.cpu_governor,
    congestion: optimization.tcp_congestion,
    buffers: rmemMaxBytes === null && wmemMaxBytes === null ? null : { rmemMaxBytes, wmemMaxBytes },
    windowScaling: optimization.tcp_window_scaling,
    nicQueues: optimization.multi_queue_nic,
    nicRings: optimization.multi_queue_nic,
    nicOffloads: optimization.multi_queue_nic,
    nicMtuBytes: optimization.large_mtu,
  }
}

/** The deployment that a configuration asks for. */
export const planOf = (config: Config): DeploymentPlan => {
  const { deployment, tunnel, lab } = config
  return {
    target: deployment.target,
    tunnels: deployment.tunnels,
    bastions: deployment.bastions,
    minTunnels: tunnel.min_tunnels,
    maxTunnels: tunnel.max_tunnels,
    baseCidr: tunnel.base_cidr,
    privateCidr: deployment.private_cidr ?? LAB_PRIVATE_CIDR,
    mtuBytes: tunnel.mtu,
    labPathRateBitsPerSecond: lab.path_rate,
    carriage: carriageOf(config),
    autoscale: autoscaleOf(config),
    tuning: { apply: config.optimization.apply, wanted: tuningOf(config) },
    aws: deployment.target === 'aws' ? awsPlanOf(config) : null,
  }
}

/** The keys of the configuration that make the fields of a plan. */
export const PLAN_KEYS: Readonly<Record<keyof DeploymentPlan, string>> = {
  target: 'deployment.target',
  tunnels: 'deployment.tunnels',
  bastions: 'deployment.bastions',
  minTunnels: 'tunnel.min_tunnels',
  maxTunnels: 'tunnel.max_tunnels',
  baseCidr: 'tunnel.base_cidr',
  privateCidr: 'deployment.private_cidr',
  mtuBytes: 'tunnel.mtu',
  labPathRateBitsPerSecond: 'lab.path_rate',
  carriage: 'tunnel',
  autoscale: 'scaling',
  tuning: 'optimization',
  aws: 'aws',
}

const privateCidrOf = ({ aws, privateCidr }: DeploymentPlan): string | null => {
  const isLeftOpen = aws === null ? privateCidr === LAB_PRIVATE_CIDR : aws.wholeVpc
  return isLeftOpen ? null : privateCidr
}

const awsValuesOf = (aws: AwsPlan): NonNullable<ConfigValues['aws']> => ({
  profile: aws.profile,
  region: aws.region,
  instance_types: aws.instanceTypes,
  max_instances: aws.maxBastions,
  // An empty list is no value of the configuration: the defaults stand for it.
  ...(aws.availabilityZones.length === 0 ? {} : { availability_zones: aws.availabilityZones }),
  subnets: aws.subnetIds.length === 0 ? null : aws.subnetIds,
  market: aws.market,
  source_cidr: aws.sourceCidr,
  routing: aws.routing,
  lease: renderDuration(aws.leaseSeconds * MS_PER_SECOND),
  budget_usd: aws.budgetUsd,
  at_budget: aws.atBudget,
})

const mptcpValuesOf = ({ mptcp, congestion, relay }: Carriage): NonNullable<ConfigValues['mptcp']> => ({
  enable: mptcp !== null,
  ...(mptcp === null ? {} : { scheduler: mptcp.strategy }),
  congestion,
  relay,
})

const scalingValuesOf = (autoscale: Autoscale): NonNullable<ConfigValues['scaling']> => ({
  enable: autoscale.enabled,
  scale_up_threshold: autoscale.upThreshold,
  scale_down_threshold: autoscale.downThreshold,
  scale_interval: renderDuration(autoscale.intervalMs),
  scale_up_cooldown: renderDuration(autoscale.upCooldownMs),
  scale_down_cooldown: renderDuration(autoscale.downCooldownMs),
  elephant_flow_threshold: autoscale.elephantBytes,
})

const optimizationValuesOf = ({
  apply,
  wanted,
}: DeploymentPlan['tuning']): NonNullable<ConfigValues['optimization']> => ({
  apply,
  enable_process_pinning: wanted.pinning !== null,
  ...(wanted.pinning === null ? {} : { reserve_cores: wanted.pinning.reserveCores }),
  ...(wanted.governor === null ? {} : { cpu_governor: wanted.governor }),
  ...(wanted.congestion === null ? {} : { tcp_congestion: wanted.congestion }),
  ...(wanted.windowScaling === null ? {} : { tcp_window_scaling: wanted.windowScaling }),
  multi_queue_nic: wanted.nicQueues,
  large_mtu: wanted.nicMtuBytes,
  buffer_sizes: { rmem_max: wanted.buffers?.rmemMaxBytes ?? null, wmem_max: wanted.buffers?.wmemMaxBytes ?? null },
})

/** The values that ask for a deployment like `plan`: what `planOf` makes of them is `plan` again. */
export const valuesOfPlan = (plan: DeploymentPlan): ConfigValues => ({
  deployment: {
    target: plan.target,
    tunnels: plan.tunnels,
    bastions: plan.bastions,
    private_cidr: privateCidrOf(plan),
    ...(plan.aws === null ? {} : { vpc: plan.aws.vpcId }),
  },
  tunnel: {
    min_tunnels: plan.minTunnels,
    max_tunnels: plan.maxTunnels,
    base_cidr: plan.baseCidr,
    mtu: plan.mtuBytes,
    spread: plan.carriage.spread,
    probe_interval: renderDuration(plan.carriage.probe.intervalMs),
    probe_misses: plan.carriage.probe.misses,
    key_rotation: renderDuration(plan.carriage.rotationSeconds * MS_PER_SECOND),
  },
  scaling: scalingValuesOf(plan.autoscale),
  optimization: optimizationValuesOf(plan.tuning),
  mptcp: mptcpValuesOf(plan.carriage),
  lab: { path_rate: plan.labPathRateBitsPerSecond },
  ...(plan.aws === null ? {} : { aws: awsValuesOf(plan.aws) }),
})
