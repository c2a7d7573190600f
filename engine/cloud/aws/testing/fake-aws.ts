import {
  AuthorizeSecurityGroupIngressCommand,
  CancelSpotInstanceRequestsCommand,
  CreateRouteCommand,
  CreateSecurityGroupCommand,
  type CreateSecurityGroupCommandInput,
  DeleteRouteCommand,
  DeleteSecurityGroupCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeSpotPriceHistoryCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  EC2Client,
  type Filter,
  GetConsoleOutputCommand,
  type Instance,
  type IpPermission,
  ModifyInstanceAttributeCommand,
  type ModifyInstanceAttributeCommandInput,
  ReplaceRouteCommand,
  RevokeSecurityGroupIngressCommand,
  type RouteTable,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  type SecurityGroup,
  type Tag,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { mockClient } from 'aws-sdk-client-mock'
import type { Clock } from '../../../clock.ts'

/** An error as AWS gives it. */
export const awsFault = (name: string, message = `${name} it says`): Error =>
  Object.assign(new Error(message), { name, Code: name, $metadata: { httpStatusCode: 400 } })

/** The answer never comes. */
const lostReply = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })

export const REGION = 'us-west-2'
export const VPC = 'vpc-0a1b2c3d'
export const SUBNETS = ['subnet-0000000a', 'subnet-0000000b', 'subnet-0000000c'] as const
export const ZONES = ['us-west-2a', 'us-west-2b', 'us-west-2c'] as const
const PRIVATE_SUBNET = 'subnet-0000000d'
export const TABLES = { public: 'rtb-00000001', lent: 'rtb-00000002', other: 'rtb-00000003' } as const

const TYPES: Readonly<
  Record<
    string,
    { architecture: 'arm64' | 'x86_64'; vcpus: number; baseline: number; peak: number; zones: readonly string[] }
  >
> = {
  't4g.nano': { architecture: 'arm64', vcpus: 2, baseline: 0.032, peak: 5, zones: ZONES },
  'c6gn.medium': { architecture: 'arm64', vcpus: 1, baseline: 1.6, peak: 16, zones: ZONES.slice(0, 2) },
  'c6in.large': { architecture: 'x86_64', vcpus: 2, baseline: 3, peak: 25, zones: ZONES },
  'c7gn.large': { architecture: 'arm64', vcpus: 2, baseline: 5, peak: 30, zones: [] },
}

type Command = new (input: never) => { readonly input: object }
type Fault = { readonly command: string; readonly error: Error; readonly isDone: boolean }

const tagOf = (tags: readonly Tag[] | undefined, key: string): string | undefined =>
  tags?.find(({ Key }) => Key === key)?.Value

/**
 * The calls of EC2 and SSM that the provider makes, in memory: what is made is there, what is taken away is gone.
 * Faults are put in front of single calls.
 */
export const openFakeAws = (clock: Clock) => {
  const ec2 = mockClient(EC2Client)
  const ssm = mockClient(SSMClient)
  const calls: { readonly name: string; readonly input: Record<string, unknown> }[] = []
  const faults: Fault[] = []
  const visibleAt = new Map<string, number>()
  const instances: (Instance & { endsAtMs?: number })[] = []
  const groups: SecurityGroup[] = []
  const consoles = new Map<string, string>()
  const tokens = new Map<string, { readonly said: string; readonly id: string }>()
  const settings = { shutDownMs: 30_000, hideMs: 0 }
  let made = 0
  const nextId = (prefix: string): string => {
    made += 1
    return `${prefix}-${String(made).padStart(8, '0')}`
  }

  const igw = { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' as const }
  const tables: RouteTable[] = [
    { RouteTableId: TABLES.public, VpcId: VPC, Routes: [igw], Associations: SUBNETS.map((SubnetId) => ({ SubnetId })) },
    {
      RouteTableId: TABLES.lent,
      VpcId: VPC,
      Routes: [],
      Associations: [{ Main: true }],
      Tags: [{ Key: 'mole:routes', Value: 'allowed' }],
    },
    { RouteTableId: TABLES.other, VpcId: VPC, Routes: [], Associations: [] },
  ]

  const isVisible = (id: string | undefined): boolean => (visibleAt.get(id ?? '') ?? 0) <= clock.monotonicMs()
  const hide = (id: string): void => void visibleAt.set(id, clock.monotonicMs() + settings.hideMs)
  const matches = (filters: readonly Filter[] | undefined, read: (name: string) => string | undefined): boolean =>
    (filters ?? []).every(({ Name = '', Values = [] }) => Values.includes(read(Name) ?? ''))

  /** Instances that are shutting down end when their time has come. */
  const pass = (): void => {
    for (const each of instances)
      if (each.State?.Name === 'shutting-down' && (each.endsAtMs ?? 0) <= clock.monotonicMs()) {
        each.State = { Name: 'terminated' }
        each.NetworkInterfaces = []
        for (const table of tables)
          for (const route of table.Routes ?? [])
            if (route.NetworkInterfaceId === `eni-of-${each.InstanceId}`) route.State = 'blackhole'
      }
  }

  const interfaces = () =>
    instances.flatMap(({ NetworkInterfaces = [], Tags }) =>
      NetworkInterfaces.map(({ NetworkInterfaceId }) => ({
        NetworkInterfaceId,
        Status: 'in-use' as const,
        TagSet: Tags,
      })),
    )

  const on = <I>(command: Command, work: (input: I) => object): void => {
    ec2.on(command as never).callsFake((input: I) => {
      calls.push({ name: command.name.replace(/Command$/, ''), input: input as Record<string, unknown> })
      pass()
      const at = faults.findIndex((fault) => `${fault.command}Command` === command.name)
      const [fault] = at < 0 ? [] : faults.splice(at, 1)
      if (fault !== undefined && !fault.isDone) throw fault.error
      const answer = work(input)
      if (fault !== undefined) throw fault.error
      return answer
    })
  }

  const group = (id: string | undefined): SecurityGroup => {
    const found = groups.find(({ GroupId }) => GroupId === id)
    if (found === undefined || !isVisible(id)) throw awsFault('InvalidGroup.NotFound')
    return found
  }

  on(DescribeVpcsCommand, () => ({
    Vpcs: [{ VpcId: VPC, IsDefault: true, CidrBlock: '10.20.0.0/16', Tags: [{ Key: 'Name', Value: 'research' }] }],
  }))
  on(DescribeSubnetsCommand, ({ Filters }: { Filters?: Filter[] }) => ({
    Subnets: [...SUBNETS, PRIVATE_SUBNET]
      .map((SubnetId, at) => ({
        SubnetId,
        VpcId: VPC,
        CidrBlock: `10.20.${at}.0/24`,
        AvailabilityZone: ZONES[at] ?? ZONES[0],
        AvailableIpAddressCount: 100,
      }))
      .filter((subnet) => matches(Filters, () => subnet.SubnetId)),
  }))
  // The private subnet has the main table.
  on(DescribeRouteTablesCommand, () => ({ RouteTables: structuredClone(tables) }))
  on(DescribeInstanceTypesCommand, ({ Filters }: { Filters?: Filter[] }) => ({
    InstanceTypes: Object.entries(TYPES)
      .filter(([name]) => matches(Filters, () => name))
      .map(([InstanceType, type]) => ({
        InstanceType,
        ProcessorInfo: { SupportedArchitectures: [type.architecture] },
        VCpuInfo: { DefaultVCpus: type.vcpus },
        BurstablePerformanceSupported: InstanceType.startsWith('t'),
        NetworkInfo: { NetworkCards: [{ BaselineBandwidthInGbps: type.baseline, PeakBandwidthInGbps: type.peak }] },
      })),
  }))
  on(DescribeInstanceTypeOfferingsCommand, ({ Filters }: { Filters?: Filter[] }) => ({
    InstanceTypeOfferings: Object.entries(TYPES)
      .filter(([name]) => matches(Filters, () => name))
      .flatMap(([InstanceType, { zones }]) => zones.map((Location) => ({ InstanceType, Location }))),
  }))
  on(DescribeSpotPriceHistoryCommand, () => ({
    SpotPriceHistory: ZONES.map((AvailabilityZone) => ({
      InstanceType: 't4g.nano',
      AvailabilityZone,
      SpotPrice: '0.0013',
    })),
  }))
  on(DescribeInstancesCommand, ({ Filters }: { Filters?: Filter[] }) => ({
    Reservations: structuredClone(instances)
      .filter(({ InstanceId }) => isVisible(InstanceId))
      .filter(({ Tags }) => matches(Filters, (name) => tagOf(Tags, name.replace(/^tag:/, ''))))
      .map((instance) => ({ Instances: [instance] })),
  }))
  on(DescribeVolumesCommand, ({ Filters }: { Filters?: Filter[] }) => ({
    Volumes: instances
      .filter(({ State, InstanceId }) => State?.Name !== 'terminated' && isVisible(InstanceId))
      .filter(({ Tags }) => matches(Filters, (name) => tagOf(Tags, name.replace(/^tag:/, ''))))
      .map(({ InstanceId, Tags }) => ({
        VolumeId: `vol-of-${InstanceId}`,
        State: 'in-use',
        Size: 8,
        Encrypted: true,
        Tags,
      })),
  }))
  on(DescribeNetworkInterfacesCommand, ({ Filters }: { Filters?: Filter[] }) => ({
    NetworkInterfaces: interfaces().filter(({ TagSet, NetworkInterfaceId }) =>
      matches(Filters, (name) =>
        name === 'network-interface-id' ? NetworkInterfaceId : tagOf(TagSet, name.replace(/^tag:/, '')),
      ),
    ),
  }))
  on(DescribeSpotInstanceRequestsCommand, () => ({ SpotInstanceRequests: [] }))
  on(CancelSpotInstanceRequestsCommand, () => ({}))
  on(DescribeSecurityGroupsCommand, ({ Filters }: { Filters?: Filter[] }) => ({
    SecurityGroups: structuredClone(groups)
      .filter(({ GroupId }) => isVisible(GroupId))
      .filter((each) =>
        matches(Filters, (name) =>
          name === 'group-name'
            ? each.GroupName
            : name === 'vpc-id'
              ? each.VpcId
              : tagOf(each.Tags, name.replace(/^tag:/, '')),
        ),
      ),
  }))
  on(CreateSecurityGroupCommand, ({ GroupName, VpcId, TagSpecifications }: CreateSecurityGroupCommandInput) => {
    if (groups.some((each) => each.GroupName === GroupName)) throw awsFault('InvalidGroup.Duplicate')
    const GroupId = nextId('sg')
    groups.push({ GroupId, GroupName, VpcId, Tags: TagSpecifications?.[0]?.Tags ?? [], IpPermissions: [] })
    hide(GroupId)
    return { GroupId }
  })
  const cidrOf = (permission: IpPermission | undefined): string | undefined => permission?.IpRanges?.[0]?.CidrIp
  on(
    AuthorizeSecurityGroupIngressCommand,
    ({ GroupId, IpPermissions = [] }: { GroupId?: string; IpPermissions?: IpPermission[] }) => {
      const found = group(GroupId)
      if (found.IpPermissions?.some((each) => cidrOf(each) === cidrOf(IpPermissions[0])))
        throw awsFault('InvalidPermission.Duplicate')
      found.IpPermissions = [...(found.IpPermissions ?? []), ...IpPermissions]
      return {}
    },
  )
  on(
    RevokeSecurityGroupIngressCommand,
    ({ GroupId, IpPermissions = [] }: { GroupId?: string; IpPermissions?: IpPermission[] }) => {
      const found = group(GroupId)
      found.IpPermissions = found.IpPermissions?.filter((each) => cidrOf(each) !== cidrOf(IpPermissions[0])) ?? []
      return {}
    },
  )
  on(DeleteSecurityGroupCommand, ({ GroupId }: { GroupId?: string }) => {
    group(GroupId)
    if (instances.some(({ State }) => State?.Name !== 'terminated')) throw awsFault('DependencyViolation')
    groups.splice(
      groups.findIndex((each) => each.GroupId === GroupId),
      1,
    )
    return {}
  })
  on(RunInstancesCommand, (input: RunInstancesCommandInput) => {
    const { ClientToken = '', InstanceType, NetworkInterfaces = [], TagSpecifications = [] } = input
    group(NetworkInterfaces[0]?.Groups?.[0])
    const known = tokens.get(ClientToken)
    if (known !== undefined && known.said !== JSON.stringify(input)) throw awsFault('IdempotentParameterMismatch')
    const InstanceId = known?.id ?? nextId('i')
    if (known === undefined) {
      tokens.set(ClientToken, { said: JSON.stringify(input), id: InstanceId })
      hide(InstanceId)
      const at = SUBNETS.indexOf(NetworkInterfaces[0]?.SubnetId as (typeof SUBNETS)[number])
      instances.push({
        InstanceId,
        InstanceType,
        ClientToken,
        State: { Name: 'running' },
        PublicIpAddress: `203.0.113.${instances.length + 10}`,
        SourceDestCheck: true,
        SecurityGroups: (NetworkInterfaces[0]?.Groups ?? []).map((GroupId) => ({ GroupId })),
        LaunchTime: new Date(clock.wallMs()),
        Placement: { AvailabilityZone: ZONES[at] },
        NetworkInterfaces: [{ NetworkInterfaceId: `eni-of-${InstanceId}` }],
        Tags: TagSpecifications.find(({ ResourceType }) => ResourceType === 'instance')?.Tags ?? [],
        ...(input.InstanceMarketOptions === undefined ? {} : { InstanceLifecycle: 'spot' as const }),
      })
    }
    return { Instances: [{ InstanceId }] }
  })
  on(ModifyInstanceAttributeCommand, ({ InstanceId, SourceDestCheck, Groups }: ModifyInstanceAttributeCommandInput) => {
    const found = instances.find((each) => each.InstanceId === InstanceId)
    if (found === undefined || !isVisible(InstanceId)) throw awsFault('InvalidInstanceID.NotFound')
    if (SourceDestCheck !== undefined) found.SourceDestCheck = SourceDestCheck.Value
    if (Groups !== undefined) found.SecurityGroups = Groups.map((GroupId) => ({ GroupId }))
    return {}
  })
  on(TerminateInstancesCommand, ({ InstanceIds = [] }: { InstanceIds?: string[] }) => {
    for (const each of instances)
      if (InstanceIds.includes(each.InstanceId ?? '') && each.State?.Name !== 'terminated') {
        each.State = { Name: 'shutting-down' }
        each.endsAtMs = clock.monotonicMs() + settings.shutDownMs
      }
    return {}
  })
  on(GetConsoleOutputCommand, ({ InstanceId = '' }: { InstanceId?: string }) => {
    const text = consoles.get(InstanceId)
    return text === undefined ? { InstanceId } : { InstanceId, Output: Buffer.from(text).toString('base64') }
  })
  const routesOf = (id: string | undefined) => tables.find(({ RouteTableId }) => RouteTableId === id)?.Routes ?? []
  type RouteInput = { RouteTableId?: string; DestinationCidrBlock?: string; NetworkInterfaceId?: string }
  on(CreateRouteCommand, ({ RouteTableId, ...route }: RouteInput) => {
    routesOf(RouteTableId).push({ ...route, State: 'active' })
    return {}
  })
  on(ReplaceRouteCommand, ({ RouteTableId, DestinationCidrBlock, NetworkInterfaceId }: RouteInput) => {
    const route = routesOf(RouteTableId).find((each) => each.DestinationCidrBlock === DestinationCidrBlock)
    if (route === undefined) throw awsFault('InvalidRoute.NotFound')
    Object.assign(route, { NetworkInterfaceId, State: 'active' })
    return {}
  })
  on(DeleteRouteCommand, ({ RouteTableId, DestinationCidrBlock }: RouteInput) => {
    const routes = routesOf(RouteTableId)
    const at = routes.findIndex((each) => each.DestinationCidrBlock === DestinationCidrBlock)
    if (at < 0) throw awsFault('InvalidRoute.NotFound')
    routes.splice(at, 1)
    return {}
  })
  ssm.on(GetParameterCommand).callsFake(({ Name }: { Name: string }) => {
    calls.push({ name: 'GetParameter', input: { Name } })
    return { Parameter: { Value: Name.endsWith('arm64') ? 'ami-0a0a0a0a' : 'ami-0b0b0b0b' } }
  })

  return {
    instances,
    groups,
    tables,
    consoles,
    settings,
    calls,
    /** Inputs of the calls of one name, in order. */
    inputs: (name: string) => calls.filter((call) => call.name === name).map(({ input }) => input),
    /** The next `times` calls fail without anything being done. */
    fail: (command: string, error: Error, times = 1): void => {
      for (let each = 0; each < times; each += 1) faults.push({ command, error, isDone: false })
    },
    /** The next call is done, and its answer is lost. */
    lose: (command: string): void => void faults.push({ command, error: lostReply(), isDone: true }),
    close: (): void => {
      ec2.restore()
      ssm.restore()
    },
  }
}

export type FakeAws = ReturnType<typeof openFakeAws>
