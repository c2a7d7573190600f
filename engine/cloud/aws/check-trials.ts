import {
  AuthorizeSecurityGroupIngressCommand,
  CancelSpotInstanceRequestsCommand,
  CreateRouteCommand,
  CreateSecurityGroupCommand,
  DeleteRouteCommand,
  DeleteSecurityGroupCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRegionsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeSpotPriceHistoryCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  GetConsoleOutputCommand,
  ModifyInstanceAttributeCommand,
  ReplaceRouteCommand,
  type ResourceType,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { GetProductsCommand } from '@aws-sdk/client-pricing'
import { GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas'
import { GetParameterCommand } from '@aws-sdk/client-ssm'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { BASTION_PORTS } from '../../../domain/tunnel-plan.ts'
import type { CloudCall } from './calls.ts'
import { STANDARD_VCPUS } from './check-quotas.ts'
import type { AwsClients } from './clients.ts'
import { imageParameter } from './image.ts'
import { bastionTags, deploymentTags, tagSpecifications } from './tags.ts'

/** What there is to try calls on; `null` where there is nothing. */
export type TrialGround = {
  readonly vpcId: string | null
  readonly subnetId: string | null
  readonly imageId: string | null
  /** Of ours, of whatever deployment. */
  readonly instanceId: string | null
  /** Of ours, in that VPC. */
  readonly groupId: string | null
  readonly spotRequestId: string | null
  /** Marked by its owner for our routes. */
  readonly routeTableId: string | null
}

type Send = (clients: AwsClients, options: { readonly abortSignal: AbortSignal }) => Promise<unknown>

/** A deployment nobody has, and a network nobody routes (RFC 5737). */
const NOBODYS = 'aws-000000'
const NOWHERE = '192.0.2.0/24'
const RULE = {
  IpProtocol: 'udp',
  FromPort: BASTION_PORTS.first,
  ToPort: BASTION_PORTS.last,
  IpRanges: [{ CidrIp: '192.0.2.1/32' }],
}
const DryRun = true

/** Calls that only read: they are made, with `DryRun` where there is such a thing. */
const READS: Readonly<Record<string, Send>> = {
  'ec2:DescribeInstances': ({ ec2 }, how) => ec2.send(new DescribeInstancesCommand({ DryRun }), how),
  'ec2:DescribeInstanceTypeOfferings': ({ ec2 }, how) =>
    ec2.send(new DescribeInstanceTypeOfferingsCommand({ DryRun }), how),
  'ec2:DescribeInstanceTypes': ({ ec2 }, how) => ec2.send(new DescribeInstanceTypesCommand({ DryRun }), how),
  'ec2:DescribeNetworkInterfaces': ({ ec2 }, how) => ec2.send(new DescribeNetworkInterfacesCommand({ DryRun }), how),
  'ec2:DescribeRegions': ({ ec2 }, how) => ec2.send(new DescribeRegionsCommand({ DryRun }), how),
  'ec2:DescribeRouteTables': ({ ec2 }, how) => ec2.send(new DescribeRouteTablesCommand({ DryRun }), how),
  'ec2:DescribeSecurityGroups': ({ ec2 }, how) => ec2.send(new DescribeSecurityGroupsCommand({ DryRun }), how),
  'ec2:DescribeSpotInstanceRequests': ({ ec2 }, how) =>
    ec2.send(new DescribeSpotInstanceRequestsCommand({ DryRun }), how),
  'ec2:DescribeSpotPriceHistory': ({ ec2 }, how) => ec2.send(new DescribeSpotPriceHistoryCommand({ DryRun }), how),
  'ec2:DescribeSubnets': ({ ec2 }, how) => ec2.send(new DescribeSubnetsCommand({ DryRun }), how),
  'ec2:DescribeVolumes': ({ ec2 }, how) => ec2.send(new DescribeVolumesCommand({ DryRun }), how),
  'ec2:DescribeVpcs': ({ ec2 }, how) => ec2.send(new DescribeVpcsCommand({ DryRun }), how),
  'pricing:GetProducts': ({ pricing }, how) =>
    pricing.send(new GetProductsCommand({ ServiceCode: 'AmazonEC2', MaxResults: 1 }), how),
  'servicequotas:GetServiceQuota': ({ serviceQuotas }, how) =>
    serviceQuotas.send(new GetServiceQuotaCommand({ ServiceCode: 'ec2', QuotaCode: STANDARD_VCPUS['on-demand'] }), how),
  'ssm:GetParameter': ({ ssm }, how) => ssm.send(new GetParameterCommand({ Name: imageParameter('arm64') }), how),
  'sts:GetCallerIdentity': ({ sts }, how) => sts.send(new GetCallerIdentityCommand({}), how),
}

const makeGroup = ({ vpcId }: TrialGround): Send | null =>
  vpcId === null
    ? null
    : ({ ec2 }, how) =>
        ec2.send(
          new CreateSecurityGroupCommand({
            GroupName: `mole ${NOBODYS}`,
            Description: 'only tried',
            VpcId: vpcId,
            TagSpecifications: tagSpecifications(['security-group'], deploymentTags(NOBODYS)),
            DryRun,
          }),
          how,
        )

const run = (ground: TrialGround, isSpot: boolean): Send | null => {
  const { imageId, subnetId, groupId } = ground
  if (imageId === null || subnetId === null) return null
  const kinds: ResourceType[] = ['instance', 'volume', 'network-interface']
  const request: RunInstancesCommandInput = {
    ImageId: imageId,
    InstanceType: 't4g.nano',
    MinCount: 1,
    MaxCount: 1,
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        SubnetId: subnetId,
        AssociatePublicIpAddress: true,
        ...(groupId === null ? {} : { Groups: [groupId] }),
      },
    ],
    TagSpecifications: tagSpecifications(
      isSpot ? [...kinds, 'spot-instances-request'] : kinds,
      bastionTags(NOBODYS, `${NOBODYS}-b1`),
    ),
    ...(isSpot ? { InstanceMarketOptions: { MarketType: 'spot' } } : {}),
    DryRun,
  }
  return ({ ec2 }, how) => ec2.send(new RunInstancesCommand(request), how)
}

const onInstance =
  (send: (InstanceId: string, ...how: Parameters<Send>) => Promise<unknown>) =>
  ({ instanceId }: TrialGround): Send | null =>
    instanceId === null ? null : (...how) => send(instanceId, ...how)

const onGroup =
  (send: (GroupId: string, ...how: Parameters<Send>) => Promise<unknown>) =>
  ({ groupId }: TrialGround): Send | null =>
    groupId === null ? null : (...how) => send(groupId, ...how)

type Route = { readonly RouteTableId: string; readonly DestinationCidrBlock: string; readonly DryRun: true }

const onTable =
  (send: (route: Route, ground: TrialGround, ...how: Parameters<Send>) => Promise<unknown>) =>
  (ground: TrialGround): Send | null => {
    const { routeTableId } = ground
    if (routeTableId === null) return null
    return (...how) => send({ RouteTableId: routeTableId, DestinationCidrBlock: NOWHERE, DryRun }, ground, ...how)
  }

const targetOf = ({ instanceId }: TrialGround): { InstanceId?: string } =>
  instanceId === null ? {} : { InstanceId: instanceId }

/** Calls that would change something, each with `DryRun`: AWS says whether it would have let them. */
const CHANGES: Readonly<Record<string, (ground: TrialGround, call: CloudCall) => Send | null>> = {
  'ec2:CreateSecurityGroup': makeGroup,
  'ec2:RunInstances': (ground, { only }) => run(ground, only === 'spot'),
  // Tags are judged together with the call that makes the thing.
  'ec2:CreateTags': (ground, { createAction, only }) =>
    createAction === 'RunInstances' ? run(ground, only === 'spot') : makeGroup(ground),
  'ec2:AuthorizeSecurityGroupIngress': onGroup((GroupId, { ec2 }, how) =>
    ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [RULE], DryRun }), how),
  ),
  'ec2:RevokeSecurityGroupIngress': onGroup((GroupId, { ec2 }, how) =>
    ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [RULE], DryRun }), how),
  ),
  'ec2:DeleteSecurityGroup': onGroup((GroupId, { ec2 }, how) =>
    ec2.send(new DeleteSecurityGroupCommand({ GroupId, DryRun }), how),
  ),
  'ec2:GetConsoleOutput': onInstance((InstanceId, { ec2 }, how) =>
    ec2.send(new GetConsoleOutputCommand({ InstanceId, DryRun }), how),
  ),
  'ec2:ModifyInstanceAttribute': onInstance((InstanceId, { ec2 }, how) =>
    ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, SourceDestCheck: { Value: false }, DryRun }), how),
  ),
  'ec2:TerminateInstances': onInstance((InstanceId, { ec2 }, how) =>
    ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId], DryRun }), how),
  ),
  'ec2:CancelSpotInstanceRequests': ({ spotRequestId }) =>
    spotRequestId === null
      ? null
      : ({ ec2 }, how) =>
          ec2.send(new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [spotRequestId], DryRun }), how),
  'ec2:CreateRoute': onTable((route, ground, { ec2 }, how) =>
    ec2.send(new CreateRouteCommand({ ...route, ...targetOf(ground) }), how),
  ),
  'ec2:ReplaceRoute': onTable((route, ground, { ec2 }, how) =>
    ec2.send(new ReplaceRouteCommand({ ...route, ...targetOf(ground) }), how),
  ),
  'ec2:DeleteRoute': onTable((route, _, { ec2 }, how) => ec2.send(new DeleteRouteCommand(route), how)),
}

/**
 * How a call can be tried so that it makes nothing; `null` where there is nothing to try it on.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonParameters.html (DryRun)
 */
export const trialOf = (call: CloudCall, ground: TrialGround): Send | null =>
  READS[call.action] ?? CHANGES[call.action]?.(ground, call) ?? null
