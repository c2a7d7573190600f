import {
  DescribeAddressesCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeInternetGatewaysCommand,
  DescribeKeyPairsCommand,
  DescribeLaunchTemplatesCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  DescribeVolumesCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  type Instance,
} from '@aws-sdk/client-ec2'
import {
  ListInstanceProfilesCommand,
  ListPoliciesCommand,
  ListRolesCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam'
import { DescribeParametersCommand } from '@aws-sdk/client-ssm'
import type { Moto } from './moto.ts'

/** Everything an account holds, by kind. To be compared by value. */
export type Holdings = Readonly<Record<string, readonly unknown[]>>

/** Every instance moto knows, also those that ended. */
export const allInstances = async ({ ec2 }: Moto): Promise<Instance[]> => {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}))
  return Reservations.flatMap(({ Instances = [] }) => Instances)
}

/** AWS forgets terminated instances and their tags after about an hour (EC2 User Guide, "Terminate instances"). */
const isGone = ({ State }: Instance): boolean => State?.Name === 'terminated'

const observeEc2 = async ({ ec2 }: Moto): Promise<Record<string, unknown[] | undefined>> => ({
  addresses: (await ec2.send(new DescribeAddressesCommand({}))).Addresses,
  images: (await ec2.send(new DescribeImagesCommand({ Owners: ['self'] }))).Images,
  internetGateways: (await ec2.send(new DescribeInternetGatewaysCommand({}))).InternetGateways,
  keyPairs: (await ec2.send(new DescribeKeyPairsCommand({}))).KeyPairs,
  launchTemplates: (await ec2.send(new DescribeLaunchTemplatesCommand({}))).LaunchTemplates,
  natGateways: (await ec2.send(new DescribeNatGatewaysCommand({}))).NatGateways,
  networkInterfaces: (await ec2.send(new DescribeNetworkInterfacesCommand({}))).NetworkInterfaces,
  routeTables: (await ec2.send(new DescribeRouteTablesCommand({}))).RouteTables,
  securityGroupRules: (await ec2.send(new DescribeSecurityGroupRulesCommand({}))).SecurityGroupRules,
  securityGroups: (await ec2.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups,
  subnets: (await ec2.send(new DescribeSubnetsCommand({}))).Subnets,
  volumes: (await ec2.send(new DescribeVolumesCommand({}))).Volumes,
  vpcEndpoints: (await ec2.send(new DescribeVpcEndpointsCommand({}))).VpcEndpoints,
  vpcs: (await ec2.send(new DescribeVpcsCommand({}))).Vpcs,
})

const observeOthers = async ({ iam, ssm }: Moto): Promise<Record<string, unknown[] | undefined>> => ({
  instanceProfiles: (await iam.send(new ListInstanceProfilesCommand({}))).InstanceProfiles,
  // moto lists Amazon's public ones too, once one of them was read; AWS lists an account's own.
  parameters: (await ssm.send(new DescribeParametersCommand({}))).Parameters?.filter(
    ({ Name }) => Name?.startsWith('/aws/') !== true,
  ),
  policies: (await iam.send(new ListPoliciesCommand({ Scope: 'Local' }))).Policies,
  roles: (await iam.send(new ListRolesCommand({}))).Roles,
  users: (await iam.send(new ListUsersCommand({}))).Users,
})

/** Whatever the things held are called. */
const idsOf = (held: Readonly<Record<string, readonly unknown[] | undefined>>): Set<unknown> =>
  new Set(Object.values(held).flatMap((things = []) => things.flatMap((thing) => Object.values(thing ?? {}))))

/**
 * Takes stock through the back door: whatever a deployment could leave behind, terminated instances aside. Tags count
 * while what they are on is there: moto keeps those of volumes and network interfaces that went with their instance.
 */
export const observeHoldings = async (moto: Moto): Promise<Holdings> => {
  const found = {
    ...(await observeEc2(moto)),
    ...(await observeOthers(moto)),
    instances: (await allInstances(moto)).filter((instance) => !isGone(instance)),
  }
  const { Tags = [] } = await moto.ec2.send(new DescribeTagsCommand({}))
  const ids = idsOf(found)
  const tags = Tags.filter(({ ResourceId }) => ids.has(ResourceId))
  return Object.fromEntries(Object.entries({ ...found, tags }).map(([kind, held]) => [kind, held ?? []]))
}
