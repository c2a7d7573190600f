import {
  CancelSpotInstanceRequestsCommand,
  DeleteRouteCommand,
  DeleteSecurityGroupCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeVolumesCommand,
  EC2Client,
  type Instance,
  type RouteTable,
  type SecurityGroup,
  type SpotInstanceRequest,
  type Tag,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { mockClient } from 'aws-sdk-client-mock'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hurriedClock } from '../../testing/hurried-clock.ts'
import { openAccess } from './access.ts'
import { findDeployments, sweepDeployments } from './sweep.ts'
import { deploymentTags } from './tags.ts'

const mock = mockClient(EC2Client)

/** A region that forgets to filter: what is asked for by tag comes with everything else. */
type Region = {
  instances: Instance[]
  groups: SecurityGroup[]
  requests: SpotInstanceRequest[]
  tables: RouteTable[]
  /** What was done, in order. */
  done: string[]
}
let region: Region

const OTHERS: Tag[] = [{ Key: 'Name', Value: 'somebody’s' }]

const instance = (id: string, Tags: Tag[]): Instance => ({
  InstanceId: `i-${id}`,
  InstanceType: 'c6gn.medium',
  State: { Name: 'running' },
  NetworkInterfaces: [{ NetworkInterfaceId: `eni-${id}` }],
  Tags,
})

const awsError = (name: string): Error => Object.assign(new Error(name), { name })

const setUp = (): void => {
  region = {
    instances: [
      instance('a', deploymentTags('aws-aaaaaa')),
      instance('b', deploymentTags('aws-bbbbbb')),
      instance('x', OTHERS),
    ],
    groups: [
      { GroupId: 'sg-a', GroupName: 'mole aws-aaaaaa', Tags: deploymentTags('aws-aaaaaa') },
      { GroupId: 'sg-x', GroupName: 'default', Tags: OTHERS },
    ],
    requests: [
      {
        SpotInstanceRequestId: 'sir-a',
        State: 'active',
        InstanceId: 'i-a',
        Tags: deploymentTags('aws-aaaaaa'),
      },
    ],
    tables: [
      {
        RouteTableId: 'rtb-1',
        Tags: [{ Key: 'mole:routes', Value: 'allowed' }],
        Routes: [
          { DestinationCidrBlock: '10.100.0.0/16', NetworkInterfaceId: 'eni-a' },
          { DestinationCidrBlock: '10.101.0.0/16', NetworkInterfaceId: 'eni-x' },
        ],
      },
    ],
    done: [],
  }
  mock.on(DescribeInstancesCommand).callsFake(() => ({ Reservations: [{ Instances: region.instances }] }))
  mock.on(DescribeVolumesCommand).callsFake(() => ({ Volumes: [] }))
  mock.on(DescribeNetworkInterfacesCommand).callsFake(() => ({ NetworkInterfaces: [] }))
  mock.on(DescribeSecurityGroupsCommand).callsFake(() => ({ SecurityGroups: region.groups }))
  mock.on(DescribeSpotInstanceRequestsCommand).callsFake(() => ({ SpotInstanceRequests: region.requests }))
  mock.on(DescribeRouteTablesCommand).callsFake(() => ({ RouteTables: region.tables }))
  mock.on(TerminateInstancesCommand).callsFake(({ InstanceIds = [] }: { InstanceIds?: string[] }) => {
    region.done.push(`terminate ${InstanceIds.join(' ')}`)
    region.instances = region.instances.map((each) =>
      InstanceIds.includes(each.InstanceId ?? '') ? { ...each, State: { Name: 'terminated' } } : each,
    )
    return {}
  })
  mock.on(CancelSpotInstanceRequestsCommand).callsFake(({ SpotInstanceRequestIds = [] }) => {
    region.done.push(`cancel ${SpotInstanceRequestIds.join(' ')}`)
    region.requests = region.requests.map((each) => ({ ...each, State: 'cancelled' }))
    return {}
  })
  mock.on(DeleteRouteCommand).callsFake(({ RouteTableId, DestinationCidrBlock }) => {
    region.done.push(`delete route ${DestinationCidrBlock}`)
    region.tables = region.tables.map((table) =>
      table.RouteTableId === RouteTableId
        ? { ...table, Routes: table.Routes?.filter((route) => route.DestinationCidrBlock !== DestinationCidrBlock) }
        : table,
    ) as RouteTable[]
    return {}
  })
  mock.on(DeleteSecurityGroupCommand).callsFake(({ GroupId }) => {
    if (region.instances.some(({ InstanceId, State }) => InstanceId === 'i-a' && State?.Name !== 'terminated'))
      throw awsError('DependencyViolation')
    region.done.push(`delete ${GroupId}`)
    region.groups = region.groups.filter((group) => group.GroupId !== GroupId)
    return {}
  })
}

const access = () =>
  openAccess(
    { profile: null, region: 'us-west-2' },
    { clock: hurriedClock(2000), signal: new AbortController().signal },
  )

beforeEach(setUp)
afterEach(() => mock.reset())
afterAll(() => mock.restore())

describe('what is found', () => {
  it('is all that carries our tag, by deployment, and the routes that lead to it', async () => {
    const found = await findDeployments(access())
    expect(found.map(({ deployment, resources }) => [deployment, resources.map(({ id }) => id)])).toEqual([
      ['aws-aaaaaa', ['i-a', 'sir-a', 'rtb-1 10.100.0.0/16', 'sg-a']],
      ['aws-bbbbbb', ['i-b']],
    ])
    const asked = mock.commandCalls(DescribeInstancesCommand).map(({ args }) => args[0].input.Filters)
    expect(asked).toEqual([[{ Name: 'tag-key', Values: ['mole:deployment'] }]])
  })

  it('is nothing where all has ended', async () => {
    region = { ...region, instances: [], groups: [], requests: [] }
    expect(await findDeployments(access())).toEqual([])
  })
})

describe('a sweep', () => {
  it('takes away one deployment, in the order of what depends on what, and nothing else', async () => {
    const log = await sweepDeployments(access(), ['aws-aaaaaa'], ['aws-bbbbbb'])
    expect(region.done).toEqual(['delete route 10.100.0.0/16', 'cancel sir-a', 'terminate i-a', 'delete sg-a'])
    expect(region.tables[0]?.Routes).toHaveLength(1)
    expect((await findDeployments(access())).map(({ deployment }) => deployment)).toEqual(['aws-bbbbbb'])
    expect(log.at(-1)).toBe('aws-aaaaaa: listed again by its tag: nothing is left')
  })

  it('leaves a table alone that is not marked for us, whatever leads to us there, and goes on', async () => {
    region.tables = region.tables.map((table) => ({ ...table, Tags: OTHERS }))
    await sweepDeployments(access(), ['aws-aaaaaa'], [])
    expect(region.done).toEqual(['cancel sir-a', 'terminate i-a', 'delete sg-a'])
    expect(region.tables[0]?.Routes).toHaveLength(2)
  })

  it('refuses what is up here, before it takes anything away', async () => {
    await expect(sweepDeployments(access(), ['aws-aaaaaa', 'aws-bbbbbb'], ['aws-bbbbbb'])).rejects.toMatchObject({
      code: 'conflict',
    })
    expect(region.done).toEqual([])
  })

  it('takes no pattern for a name', async () => {
    for (const pattern of ['*', 'aws-*', 'aws-aaaaa?', ''])
      await expect(sweepDeployments(access(), ['aws-aaaaaa', pattern], [])).rejects.toMatchObject({
        code: 'bad-input',
      })
    expect(region.done).toEqual([])
  })

  it('of what is not there does nothing', async () => {
    expect(await sweepDeployments(access(), ['aws-cccccc'], [])).toEqual(['aws-cccccc: nothing is there'])
    expect(region.done).toEqual([])
  })

  it('says so when something does not go', async () => {
    mock.on(DeleteSecurityGroupCommand).rejects(awsError('DependencyViolation'))
    await expect(sweepDeployments(access(), ['aws-aaaaaa'], [])).rejects.toMatchObject({
      code: 'timeout',
      data: { meaning: expect.stringContaining('sg-a') },
    })
  })

  it('does not prove by what it did, but by looking again', async () => {
    let looks = 0
    mock.on(DescribeSecurityGroupsCommand).callsFake(() => {
      looks += 1
      // Gone at first, and then made anew by somebody.
      return { SecurityGroups: looks === 2 ? [] : region.groups }
    })
    region = { ...region, instances: [], requests: [] }
    await expect(sweepDeployments(access(), ['aws-aaaaaa'], [])).rejects.toMatchObject({ code: 'drift' })
  })
})
