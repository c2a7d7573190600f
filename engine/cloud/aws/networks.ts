import {
  paginateDescribeRouteTables,
  paginateDescribeSubnets,
  paginateDescribeVpcs,
  type RouteTable,
  type Subnet,
  type Vpc,
} from '@aws-sdk/client-ec2'
import type { AwsVpc } from '../../../contract/app.ts'
import type { AwsClients } from './clients.ts'
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

const all = async <Page, Item>(pages: AsyncIterable<Page>, of: (page: Page) => Item[] | undefined): Promise<Item[]> => {
  const items: Item[] = []
  for await (const page of pages) items.push(...(of(page) ?? []))
  return items
}

/** VPCs with their subnets in the region of the clients. Errors are the SDK's. */
export const observeNetworks = async ({ ec2: client }: AwsClients): Promise<AwsVpc[]> => {
  const [vpcs, subnets, tables] = await Promise.all([
    all(paginateDescribeVpcs({ client }, {}), ({ Vpcs }) => Vpcs),
    all(paginateDescribeSubnets({ client }, {}), ({ Subnets }) => Subnets),
    all(paginateDescribeRouteTables({ client }, {}), ({ RouteTables }) => RouteTables),
  ])
  return renderNetworks(vpcs, subnets, tables)
}
