import type { AwsPlan } from '../aws-plan.ts'
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
  },
  lab: { path_rate: plan.labPathRateBitsPerSecond },
  ...(plan.aws === null ? {} : { aws: awsValuesOf(plan.aws) }),
})
