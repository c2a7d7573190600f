import type { RouteTable, Subnet } from '@aws-sdk/client-ec2'
import { DescribeRouteTablesCommand, DescribeSubnetsCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2'
import { mockClient } from 'aws-sdk-client-mock'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import { openAccess } from './access.ts'
import { effectiveRouteTable, leadsToInternet, observeNetworks, renderNetworks } from './networks.ts'

const gateway: RouteTable = {
  RouteTableId: 'rtb-public',
  VpcId: 'vpc-1',
  Associations: [{ SubnetId: 'subnet-a' }],
  Routes: [
    { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' },
    { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' },
  ],
}
const main: RouteTable = {
  RouteTableId: 'rtb-main',
  VpcId: 'vpc-1',
  Associations: [{ Main: true }],
  Routes: [{ DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1', State: 'active' }],
}
const subnet = (id: string, zone: string, vpc = 'vpc-1'): Subnet => ({
  SubnetId: `subnet-${id}`,
  VpcId: vpc,
  AvailabilityZone: zone,
  CidrBlock: '10.0.0.0/24',
  AvailableIpAddressCount: 250,
})

describe('a subnet', () => {
  it('follows its own route table before the main one', () => {
    expect(effectiveRouteTable(subnet('a', 'us-west-2a'), [main, gateway])?.RouteTableId).toBe('rtb-public')
    expect(effectiveRouteTable(subnet('b', 'us-west-2a'), [gateway, main])?.RouteTableId).toBe('rtb-main')
    expect(effectiveRouteTable(subnet('b', 'us-west-2a', 'vpc-2'), [gateway, main])).toBeNull()
  })

  it('is public by a live default route to an internet gateway, and by nothing else', () => {
    const route = (over: object): RouteTable => ({
      Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active', ...over }],
    })
    expect(leadsToInternet(route({}))).toBe(true)
    expect(leadsToInternet(route({ State: 'blackhole' }))).toBe(false)
    expect(leadsToInternet(route({ GatewayId: 'vgw-1' }))).toBe(false)
    expect(leadsToInternet(route({ DestinationCidrBlock: '192.0.2.0/24' }))).toBe(false)
    expect(leadsToInternet(main)).toBe(false)
    expect(leadsToInternet(null)).toBe(false)
  })
})

describe('networks', () => {
  it('show the default VPC first and every network of a VPC once, the primary first', () => {
    const [first, second] = renderNetworks(
      [
        {
          VpcId: 'vpc-1',
          CidrBlock: '10.0.0.0/16',
          CidrBlockAssociationSet: [
            { CidrBlock: '10.9.0.0/16', CidrBlockState: { State: 'associated' } },
            { CidrBlock: '10.0.0.0/16', CidrBlockState: { State: 'associated' } },
            { CidrBlock: '10.8.0.0/16', CidrBlockState: { State: 'disassociated' } },
          ],
          Tags: [{ Key: 'Name', Value: 'research' }],
        },
        { VpcId: 'vpc-2', CidrBlock: '172.31.0.0/16', IsDefault: true },
      ],
      [subnet('b', 'us-west-2b'), subnet('a', 'us-west-2a'), { SubnetId: 'subnet-6', VpcId: 'vpc-1' }],
      [gateway, main],
    )
    expect(first).toMatchObject({ id: 'vpc-2', isDefault: true, name: '', subnets: [] })
    expect(second).toMatchObject({ id: 'vpc-1', name: 'research', cidrs: ['10.0.0.0/16', '10.9.0.0/16'] })
    expect(second?.subnets.map(({ id, isPublic }) => [id, isPublic])).toEqual([
      ['subnet-a', true],
      ['subnet-b', false],
    ])
  })

  const mock = mockClient(EC2Client)
  afterEach(() => mock.reset())
  afterAll(() => mock.restore())

  it('are read to the last page', async () => {
    mock.on(DescribeVpcsCommand).resolves({ Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }] })
    mock.on(DescribeSubnetsCommand).resolves({ Subnets: [subnet('a', 'us-west-2a')], NextToken: 'more' })
    mock.on(DescribeSubnetsCommand, { NextToken: 'more' }).resolves({ Subnets: [subnet('b', 'us-west-2b')] })
    mock.on(DescribeRouteTablesCommand).resolves({ RouteTables: [gateway] })
    const account = { profile: null, region: 'us-west-2' }
    const access = openAccess(account, { clock: systemClock, signal: new AbortController().signal })
    const [vpc] = await observeNetworks(access)
    expect(vpc?.subnets.map(({ id }) => id)).toEqual(['subnet-a', 'subnet-b'])
  })
})
