import { AwsPlan } from '../../../domain/aws-plan.ts'
import { planOf } from '../../../domain/config/plan-of.ts'
import type { ConfigValue } from '../../../domain/config/resolve.ts'
import { Config } from '../../../domain/config/schema.ts'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'

const SECONDS_PER_HOUR = 3600

/** What the target AWS needs, while it is being written. */
export type AwsDraft = {
  readonly profile: string | null
  readonly region: string | null
  readonly vpcId: string | null
  /** First network of the VPC that was picked; `null` while none is. */
  readonly vpcCidr: string | null
  readonly subnetIds: readonly string[]
  readonly availabilityZones: readonly string[]
  readonly wholeVpc: boolean
  /** The private network where it is not the whole VPC. */
  readonly privateCidr: string
  readonly instanceTypes: readonly string[]
  readonly market: AwsPlan['market']
  readonly maxBastions: number | string
  /** Empty: this machine's address, as AWS sees it. */
  readonly sourceCidr: string
  readonly routing: AwsPlan['routing']
  /** 0: never. */
  readonly leaseHours: number | string
  readonly budgetUsd: number | string
  readonly atBudget: AwsPlan['atBudget']
}

/** @param privateCidr the plan's */
export const awsDraftOf = (aws: AwsPlan, privateCidr: string): AwsDraft => ({
  profile: aws.profile,
  region: aws.region,
  vpcId: aws.vpcId,
  vpcCidr: aws.wholeVpc && aws.vpcId !== null ? privateCidr : null,
  subnetIds: aws.subnetIds,
  availabilityZones: aws.availabilityZones,
  wholeVpc: aws.wholeVpc,
  privateCidr: aws.wholeVpc ? '' : privateCidr,
  instanceTypes: aws.instanceTypes,
  market: aws.market,
  maxBastions: aws.maxBastions,
  sourceCidr: aws.sourceCidr ?? '',
  routing: aws.routing,
  leaseHours: aws.leaseSeconds / SECONDS_PER_HOUR,
  budgetUsd: aws.budgetUsd ?? '',
  atBudget: aws.atBudget,
})

const numberOf = (value: number | string): number => (value === '' ? Number.NaN : Number(value))

/** As the plan's schema takes it, not judged yet. */
export const awsInputOf = (draft: AwsDraft) => ({
  profile: draft.profile,
  region: draft.region,
  vpcId: draft.vpcId,
  subnetIds: draft.subnetIds,
  availabilityZones: draft.availabilityZones,
  wholeVpc: draft.wholeVpc,
  instanceTypes: draft.instanceTypes.map((name) => name.trim()),
  market: draft.market,
  maxBastions: numberOf(draft.maxBastions),
  sourceCidr: draft.sourceCidr.trim() === '' ? null : draft.sourceCidr.trim(),
  routing: draft.routing,
  leaseSeconds: Math.round(numberOf(draft.leaseHours) * SECONDS_PER_HOUR),
  budgetUsd: draft.budgetUsd === '' ? null : numberOf(draft.budgetUsd),
  atBudget: draft.atBudget,
})

const configOf = (values: readonly ConfigValue[]): Config => {
  const tree: Record<string, Record<string, unknown>> = {}
  for (const { path, value } of values) {
    const [section = '', key = ''] = path.split('.')
    tree[section] = { ...tree[section], [key]: value }
  }
  const parsed = Config.safeParse(tree)
  return parsed.success ? parsed.data : Config.parse({})
}

/** How this engine's configuration has traffic carried, scaled and tuned. */
export const carriedIn = (
  values: readonly ConfigValue[],
): Pick<DeploymentPlan, 'carriage' | 'autoscale' | 'tuning'> => {
  const { carriage, autoscale, tuning } = planOf(configOf(values))
  return { carriage, autoscale, tuning }
}

/** What this engine's configuration says of AWS; the built-in defaults where it says nothing, or nothing sound. */
export const awsDraftIn = (values: readonly ConfigValue[]): AwsDraft => {
  const config = configOf(values)
  const { aws, privateCidr } = planOf({ ...config, deployment: { ...config.deployment, target: 'aws' } })
  return awsDraftOf(aws ?? AwsPlan.parse({ instanceTypes: config.aws.instance_types }), privateCidr)
}
