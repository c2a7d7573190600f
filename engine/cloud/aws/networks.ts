import {
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  type RouteTable,
  type Subnet,
  type Vpc,
} from '@aws-sdk/client-ec2'
import type { AwsVpc } from '../../../contract/app.ts'
import type { AwsAccess } from './access.ts'
import { tagValue } from './tags.ts'

const isMain = ({ Associations }: RouteTable): boolean => Associations?.some(({ Main }) => Main === true) ?? false

/**
 * The route table in force for a subnet: the one it is associated with, else the main one of its VPC.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
 */
export const effectiveRouteTable = (subnet: Subnet, tables: readonly RouteTable[]): RouteTable | null =>
  tables.find(({ Associations }) => Associations?.some(({ SubnetId }) => SubnetId === subnet.SubnetId)) ??
  tables.find((table) => table.VpcId === subnet.VpcId && isMain(table)) ??
  null

/** Whether its default route leads to an internet gateway: what makes a subnet public. */
export const leadsToInternet = (table: RouteTable | null): boolean =>
  table?.Routes?.some(
    ({ DestinationCidrBlock, GatewayId, State }) =>
      DestinationCidrBlock === '0.0.0.0/0' && GatewayId?.startsWith('igw-') === true && State !== 'blackhole',
  ) ?? false

/** IPv4 networks of a VPC, the primary first. */
const cidrsOf = ({ CidrBlock, CidrBlockAssociationSet }: Vpc): string[] => {
  const associated = (CidrBlockAssociationSet ?? [])
    .filter(({ CidrBlockState }) => (CidrBlockState?.State ?? 'associated') === 'associated')
    .flatMap(({ CidrBlock: cidr }) => (cidr === undefined ? [] : [cidr]))
  return [...new Set(CidrBlock === undefined ? associated : [CidrBlock, ...associated])]
}

const subnetView = (subnet: Subnet, tables: readonly RouteTable[]): AwsVpc['subnets'][number] => ({
  id: subnet.SubnetId ?? '',
  name: tagValue(subnet.Tags, 'Name'),
  zone: subnet.AvailabilityZone ?? '',
  cidr: subnet.CidrBlock ?? '',
  isPublic: leadsToInternet(effectiveRouteTable(subnet, tables)),
  freeAddresses: subnet.AvailableIpAddressCount ?? 0,
})

const compare = (a: string, b: string): number => a.localeCompare(b, 'en')

/** The VPCs as people choose among them: the default one first, subnets by zone. Pure. */
export const renderNetworks = (
  vpcs: readonly Vpc[],
  subnets: readonly Subnet[],
  tables: readonly RouteTable[],
): AwsVpc[] =>
  vpcs
    .map((vpc) => ({
      id: vpc.VpcId ?? '',
      name: tagValue(vpc.Tags, 'Name'),
      isDefault: vpc.IsDefault ?? false,
      cidrs: cidrsOf(vpc),
      subnets: subnets
        // A subnet in the Outpost, a local zone, … is listed too; one for IPv6 alone can hold no bastion.
        .filter(({ VpcId, CidrBlock }) => VpcId === vpc.VpcId && CidrBlock !== undefined)
        .map((subnet) => subnetView(subnet, tables))
        .sort((a, b) => compare(a.zone, b.zone) || compare(a.id, b.id)),
    }))
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault) || compare(a.name, b.name) || compare(a.id, b.id))

/** VPCs with their subnets in the region. */
export const observeNetworks = async (access: AwsAccess): Promise<AwsVpc[]> => {
  const [vpcs, subnets, tables] = await Promise.all([
    access.list('listing VPCs', async (NextToken, { ec2 }, options) => {
      const answer = await ec2.send(new DescribeVpcsCommand({ NextToken }), options)
      return { items: answer.Vpcs, next: answer.NextToken }
    }),
    access.list('listing subnets', async (NextToken, { ec2 }, options) => {
      const answer = await ec2.send(new DescribeSubnetsCommand({ NextToken }), options)
      return { items: answer.Subnets, next: answer.NextToken }
    }),
    access.list('listing route tables', async (NextToken, { ec2 }, options) => {
      const answer = await ec2.send(new DescribeRouteTablesCommand({ NextToken }), options)
      return { items: answer.RouteTables, next: answer.NextToken }
    }),
  ])
  return renderNetworks(vpcs, subnets, tables)
}
