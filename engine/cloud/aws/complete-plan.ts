import { MoleError } from '../../../contract/errors.ts'
import type { AwsPlan } from '../../../domain/aws-plan.ts'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import type { AwsAccess } from './access.ts'
import { assertApart, chooseSubnets, chooseVpc } from './choose-network.ts'
import type { FindAddress } from './find-address.ts'
import { observeInstanceTypes } from './instance-types.ts'
import { observeNetworks } from './networks.ts'
import { regionOf } from './profiles.ts'
import { lentTables, listRouteTables } from './routes.ts'
import { usableTypes } from './usable-types.ts'
import { renderUserData } from './user-data.ts'

/** @throws MoleError `internal`: the engine gives each provider its own plans. */
export const awsPlanOf = ({ aws }: DeploymentPlan): AwsPlan => {
  if (aws === null) throw new MoleError('internal', 'The plan is not one for AWS.', { field: 'aws' })
  return aws
}

/**
 * The region meant: the plan's, the environment's, that of the credentials profile, or that of the zones.
 * @throws MoleError `bad-input` naming `aws.region` where nothing tells.
 */
export const regionOfPlan = async (
  { profile, region, availabilityZones }: AwsPlan,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> => {
  if (region !== null) return region
  try {
    return await regionOf(profile, environment)
  } catch (error) {
    const ofZones = availabilityZones[0]?.slice(0, -1)
    const isSaid = environment.AWS_REGION || environment.AWS_DEFAULT_REGION
    if (ofZones === undefined || isSaid) throw error
    return ofZones
  }
}

/** Keys of nobody: whether the boot script can be made of a plan is seen before anything is launched. */
const NOBODYS_KEYS = Array.from({ length: 8 }, (_, at) => Buffer.alloc(32, at + 1).toString('base64'))

/**
 * Fills in what a plan leaves to the cloud, and refuses what cannot work there. Changes nothing in the cloud.
 * @param access of the plan's region
 * @throws MoleError `bad-input` naming the key of the configuration that is to be changed.
 */
export const completePlan = async (
  access: AwsAccess,
  plan: DeploymentPlan,
  findAddress: FindAddress,
): Promise<DeploymentPlan> => {
  const aws = awsPlanOf(plan)
  const { region } = access.account
  const [vpcs, types, address] = await Promise.all([
    observeNetworks(access),
    observeInstanceTypes(access, aws.instanceTypes),
    aws.sourceCidr === null ? findAddress(access.signal) : null,
  ])
  const vpc = chooseVpc(vpcs, aws.vpcId, region)
  assertApart(plan.baseCidr, vpc)
  const subnets = chooseSubnets(vpc, aws, region)
  usableTypes(
    aws.instanceTypes,
    types,
    subnets.map(({ zone }) => zone),
  )
  if (aws.routing === 'routes') lentTables(vpc.id, await listRouteTables(access, vpc.id))
  const complete: DeploymentPlan = {
    ...plan,
    privateCidr: aws.wholeVpc ? (vpc.cidrs[0] ?? plan.privateCidr) : plan.privateCidr,
    aws: {
      ...aws,
      region,
      vpcId: vpc.id,
      subnetIds: subnets.map(({ id }) => id),
      sourceCidr: address === null ? aws.sourceCidr : `${address}/32`,
    },
  }
  await renderUserData(complete, 1, NOBODYS_KEYS)
  return complete
}
