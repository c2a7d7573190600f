import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  type EC2Client,
  ModifySubnetAttributeCommand,
} from '@aws-sdk/client-ec2'
import { REGION } from './moto.ts'

/** The researcher's VPC: two public subnets behind an internet gateway, and a private one with the data. */
export type CloudNetwork = {
  readonly vpcId: string
  readonly vpcCidr: string
  /** In two availability zones. */
  readonly publicSubnetIds: readonly [string, string]
  readonly publicRouteTableId: string
  readonly privateSubnetId: string
  readonly privateCidr: string
  readonly privateRouteTableId: string
}

const must = (id: string | undefined): string => {
  if (id === undefined) throw new Error('moto made something without an id')
  return id
}

const makeSubnet = async (ec2: EC2Client, vpcId: string, cidr: string, zone: string, name: string): Promise<string> => {
  const { Subnet } = await ec2.send(
    new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: cidr, AvailabilityZone: `${REGION}${zone}` }),
  )
  const id = must(Subnet?.SubnetId)
  await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'Name', Value: name }] }))
  return id
}

const makeRouteTable = async (ec2: EC2Client, vpcId: string, subnetIds: readonly string[]): Promise<string> => {
  const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId: vpcId }))
  const id = must(RouteTable?.RouteTableId)
  for (const SubnetId of subnetIds) await ec2.send(new AssociateRouteTableCommand({ RouteTableId: id, SubnetId }))
  return id
}

/**
 * Makes what a researcher has before Cloud Mole comes. The private subnet is the network behind every bastion of the
 * lab; the research resource is in it.
 */
export const makeCloudNetwork = async (ec2: EC2Client): Promise<CloudNetwork> => {
  const vpcCidr = '10.200.0.0/16'
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: vpcCidr }))
  const vpcId = must(Vpc?.VpcId)
  await ec2.send(new CreateTagsCommand({ Resources: [vpcId], Tags: [{ Key: 'Name', Value: 'research' }] }))
  const first = await makeSubnet(ec2, vpcId, '10.200.128.0/24', 'a', 'public a')
  const second = await makeSubnet(ec2, vpcId, '10.200.129.0/24', 'b', 'public b')
  for (const SubnetId of [first, second])
    await ec2.send(new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: true } }))
  const privateCidr = '10.200.0.0/24'
  const privateSubnetId = await makeSubnet(ec2, vpcId, privateCidr, 'a', 'private')
  const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}))
  const gateway = must(InternetGateway?.InternetGatewayId)
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: gateway, VpcId: vpcId }))
  const publicRouteTableId = await makeRouteTable(ec2, vpcId, [first, second])
  await ec2.send(
    new CreateRouteCommand({
      RouteTableId: publicRouteTableId,
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: gateway,
    }),
  )
  const privateRouteTableId = await makeRouteTable(ec2, vpcId, [privateSubnetId])
  return {
    vpcId,
    vpcCidr,
    publicSubnetIds: [first, second],
    publicRouteTableId,
    privateSubnetId,
    privateCidr,
    privateRouteTableId,
  }
}
