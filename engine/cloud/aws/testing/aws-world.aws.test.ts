import { existsSync, readFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import {
  AuthorizeSecurityGroupIngressCommand,
  CancelSpotInstanceRequestsCommand,
  CreateRouteCommand,
  CreateSecurityGroupCommand,
  DeleteRouteCommand,
  DeleteSecurityGroupCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeVpcsCommand,
  EC2Client,
  GetConsoleOutputCommand,
  type Instance,
  ModifyInstanceAttributeCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam'
import { GetProductsCommand, PricingClient } from '@aws-sdk/client-pricing'
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { bastionPort } from '../../../../domain/tunnel-plan.ts'
import { packageRoot } from '../../../paths.ts'
import { renderBootScript } from '../../bastion/boot-script.ts'
import { readBootTemplate } from '../../bastion/boot-template.ts'
import { parsePublishedKeys } from '../../bastion/published-keys.ts'
import { findProcesses, identityOf } from '../../lab/processes.ts'
import { awsError } from './aws-answer.ts'
import type { Holdings } from './holdings.ts'
import { REGION } from './moto.ts'
import { type AwsWorld, openAwsWorld } from './open-aws-world.ts'

/** The test bed itself: what it says and does must be what AWS says and does, or every test on it proves nothing. */

let world: AwsWorld
let before: Holdings
let nowMs = 0
let image: string
let used = 0
const unique = (word: string): string => {
  used += 1
  return `${word}-${used}`
}

/** Clients of the product's kind, without its retries. */
const options = () => ({
  region: REGION,
  endpoint: 'http://127.0.0.1',
  credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
  maxAttempts: 1,
  requestHandler: {
    httpAgent: Object.assign(new Agent(), { createConnection: () => connect(join(world.directory, 'aws.sock')) }),
  },
})
const ec2 = () => new EC2Client(options())

beforeAll(async () => {
  world = await openAwsWorld({ clock: () => nowMs, shutDownMs: 1000 })
  const name = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64'
  const { Parameter } = await new SSMClient(options()).send(new GetParameterCommand({ Name: name }))
  image = Parameter?.Value ?? ''
  before = await world.holdings()
})
afterEach(() => {
  world?.aws.clearFaults()
  world?.aws.onCall(null)
  world?.aws.account.denied.clear()
  const errors = [...(world?.aws.errors ?? []), ...(world?.hypervisor.errors ?? [])]
  if (errors.length > 0) throw new Error(errors.join('\n'))
})
afterAll(() => world?.dispose())

const TEMPLATE = await readBootTemplate()

const bootScript = (): string =>
  renderBootScript(TEMPLATE, {
    hostPublicKeys: [Buffer.alloc(32, 1).toString('base64'), Buffer.alloc(32, 2).toString('base64')],
    firstPort: bastionPort(1),
    baseCidr: '10.100.0.0/16',
    privateCidr: world.network.privateCidr,
    mtuBytes: 1420,
  })

const makeGroup = async (): Promise<string> => {
  const { GroupId } = await ec2().send(
    new CreateSecurityGroupCommand({
      GroupName: unique('mole'),
      Description: 'test',
      VpcId: world.network.vpcId,
    }),
  )
  return GroupId ?? ''
}

const TAGS = [{ Key: 'mole:deployment', Value: 'aws-1' }]

const request = (groupId: string, more: Partial<RunInstancesCommandInput> = {}): RunInstancesCommandInput => ({
  ImageId: image,
  InstanceType: 't4g.nano',
  MinCount: 1,
  MaxCount: 1,
  ClientToken: unique('token'),
  UserData: Buffer.from(bootScript()).toString('base64'),
  NetworkInterfaces: [
    {
      DeviceIndex: 0,
      SubnetId: world.network.publicSubnetIds[0],
      Groups: [groupId],
      AssociatePublicIpAddress: true,
      DeleteOnTermination: true,
    },
  ],
  TagSpecifications: [
    { ResourceType: 'instance', Tags: TAGS },
    { ResourceType: 'network-interface', Tags: TAGS },
  ],
  ...more,
})

const launch = async (input: RunInstancesCommandInput): Promise<Instance> => {
  const { Instances = [] } = await ec2().send(new RunInstancesCommand(input))
  return Instances[0] ?? {}
}

const see = async (id: string): Promise<Instance> => {
  const { Reservations = [] } = await ec2().send(new DescribeInstancesCommand({ InstanceIds: [id] }))
  return Reservations[0]?.Instances?.[0] ?? {}
}

const until = async <T>(look: () => Promise<T | null>): Promise<T> => {
  const limit = performance.now() + 30_000
  for (;;) {
    const found = await look()
    if (found !== null) return found
    if (performance.now() > limit) throw new Error('it did not come to be within 30 s')
    await delay(20)
  }
}

const running = (id: string): Promise<Instance> =>
  until(async () => {
    const instance = await see(id)
    return instance.State?.Name === 'running' ? instance : null
  })

const terminate = async (...ids: string[]): Promise<void> => {
  await ec2().send(new TerminateInstancesCommand({ InstanceIds: ids }))
  nowMs += 1000
}

const remove = (groupId: string) => ec2().send(new DeleteSecurityGroupCommand({ GroupId: groupId }))

const consoleOf = async (id: string): Promise<string> => {
  const { Output = '' } = await ec2().send(new GetConsoleOutputCommand({ InstanceId: id, Latest: true }))
  return Buffer.from(Output, 'base64').toString('utf8')
}

const labBastions = async (): Promise<string[]> =>
  (await world.helper.call('lab.list', {})).bastions.map(({ id }) => id)

describe('an instance', () => {
  it('boots from its user data, is pending first, publishes its keys on its console, and is gone with all it had', async () => {
    const group = await makeGroup()
    const launched = await launch(request(group))
    expect(launched.State?.Name).toBe('pending')
    expect(launched.PublicIpAddress).toBeUndefined()
    const id = launched.InstanceId ?? ''
    const instance = await running(id)
    expect(instance.PublicIpAddress).toMatch(/^203\.0\.113\.\d+$/)
    expect(instance.NetworkInterfaces?.[0]?.Association?.PublicIp).toBe(instance.PublicIpAddress)
    const { keys } = await until(async () => {
      const published = parsePublishedKeys(await consoleOf(id), [1, 2])
      return published.ready ? published : null
    })
    expect(keys.map(({ slot }) => slot)).toEqual([1, 2])
    expect(await consoleOf(id)).toMatch(/slots=2\r\n$/)
    const { Output } = await ec2().send(new GetConsoleOutputCommand({ InstanceId: id }))
    expect(Output).toBeUndefined()
    const { NetworkInterfaces = [] } = await ec2().send(
      new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'tag:mole:deployment', Values: ['aws-1'] }] }),
    )
    expect(NetworkInterfaces[0]?.Attachment?.InstanceId).toBe(id)
    expect(await world.holdings()).not.toEqual(before)

    await ec2().send(new TerminateInstancesCommand({ InstanceIds: [id] }))
    expect((await see(id)).State?.Name).toBe('shutting-down')
    expect(await labBastions()).toEqual([])
    await expect(remove(group)).rejects.toMatchObject({ name: 'DependencyViolation' })
    nowMs += 1000
    expect((await see(id)).State?.Name).toBe('terminated')
    expect(await consoleOf(id)).toContain('mole-bastion-ready')
    await remove(group)
    expect(await world.holdings()).toEqual(before)
  })

  it('holds its security group while it runs', async () => {
    const group = await makeGroup()
    const { InstanceId = '' } = await launch(request(group))
    await expect(remove(group)).rejects.toMatchObject({ name: 'DependencyViolation' })
    await terminate(InstanceId)
    await remove(group)
  })

  it('is launched once for a client token, and never with other parameters', async () => {
    const group = await makeGroup()
    const input = request(group)
    const [first, second] = await Promise.all([launch(input), launch(input)])
    expect(second.InstanceId).toBe(first.InstanceId)
    await expect(launch({ ...input, InstanceType: 't4g.micro' })).rejects.toMatchObject({
      name: 'IdempotentParameterMismatch',
    })
    const { InstanceId: other } = await launch({ ...input, ClientToken: 'another' })
    expect(other).not.toBe(first.InstanceId)
    await terminate(first.InstanceId ?? '', other ?? '')
    await remove(group)
    expect(await world.holdings()).toEqual(before)
  })

  it('fails as hardware does: its bastion dies at once, and its routes lead nowhere', async () => {
    const group = await makeGroup()
    const { InstanceId: id = '' } = await launch(request(group))
    await running(id)
    const route = { RouteTableId: world.network.privateRouteTableId, DestinationCidrBlock: '198.51.100.0/24' }
    await ec2().send(new CreateRouteCommand({ ...route, InstanceId: id }))
    await expect(ec2().send(new CreateRouteCommand({ ...route, InstanceId: id }))).rejects.toMatchObject({
      name: 'RouteAlreadyExists',
    })
    const stateOfRoute = async (): Promise<string | undefined> => {
      const { RouteTables = [] } = await ec2().send(
        new DescribeRouteTablesCommand({ RouteTableIds: [route.RouteTableId] }),
      )
      return RouteTables[0]?.Routes?.find(({ DestinationCidrBlock: to }) => to === route.DestinationCidrBlock)?.State
    }
    expect(await stateOfRoute()).toBe('active')
    await world.hypervisor.setPath(id, 1, 'broken')
    expect((await world.helper.call('lab.list', {})).bastions[0]?.brokenSlots).toEqual([1])
    await world.hypervisor.kill(id)
    expect(await labBastions()).toEqual([])
    expect((await see(id)).State?.Name).toBe('terminated')
    expect(await stateOfRoute()).toBe('blackhole')
    await ec2().send(new DeleteRouteCommand(route))
    await remove(group)
    expect(await world.holdings()).toEqual(before)
  })

  it('that turns itself off is terminated, where that is its shutdown behaviour', async () => {
    const group = await makeGroup()
    const script = '#!/bin/sh\necho "mole-bastion-lease v1 ended"\n'
    const { InstanceId: id = '' } = await launch(
      request(group, {
        UserData: Buffer.from(script).toString('base64'),
        InstanceInitiatedShutdownBehavior: 'terminate',
      }),
    )
    await until(async () => ((await see(id)).State?.Name === 'terminated' ? true : null))
    await world.hypervisor.settle()
    expect(await labBastions()).toEqual([])
    await remove(group)
    expect(await world.holdings()).toEqual(before)
  })

  it('is reached as its security group and the routes of its VPC say', async () => {
    const group = await makeGroup()
    const { InstanceId: id = '' } = await launch(request(group))
    const { NetworkInterfaces = [], PublicIpAddress = '' } = await running(id)
    const handshake = async (): Promise<boolean> => {
      // A closed port of the bastion says so, unless nothing gets there (udp(7): ECONNREFUSED).
      const script = `const s = require('node:dgram').createSocket('udp4')
        s.on('error', () => { console.log('refused'); process.exit() })
        s.connect(51829, ${JSON.stringify(PublicIpAddress)}, () => s.send('x'))
        setTimeout(() => process.exit(), 1000)`
      return (await world.run([process.execPath, '-e', script])).stdout === 'refused\n'
    }
    const rule = {
      GroupId: group,
      IpPermissions: [
        { IpProtocol: 'udp', FromPort: 51_821, ToPort: 51_829, IpRanges: [{ CidrIp: '198.51.100.2/32' }] },
      ],
    }
    expect(await handshake()).toBe(false)
    await ec2().send(new AuthorizeSecurityGroupIngressCommand(rule))
    expect(await handshake()).toBe(true)

    const routes = () => world.run(['ip', '-n', 'private1', 'route', 'show', '10.100.0.0/16'])
    const route = { RouteTableId: world.network.privateRouteTableId, DestinationCidrBlock: '10.100.0.0/16' }
    const NetworkInterfaceId = NetworkInterfaces[0]?.NetworkInterfaceId ?? ''
    await ec2().send(new CreateRouteCommand({ ...route, NetworkInterfaceId }))
    expect((await routes()).stdout).toMatch(/^blackhole/)
    await ec2().send(new ModifyInstanceAttributeCommand({ InstanceId: id, SourceDestCheck: { Value: false } }))
    expect((await routes()).stdout).toMatch(/via 10\.200\.0\.1 /)
    await ec2().send(new DeleteRouteCommand(route))
    expect((await routes()).stdout).toBe('')
    await terminate(id)
    await remove(group)
    expect(await world.holdings()).toEqual(before)
  })

  it('of the Spot market leaves a request to be seen, closed when it ends', async () => {
    const group = await makeGroup()
    const { InstanceId: id = '' } = await launch(
      request(group, {
        InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { SpotInstanceType: 'one-time' } },
        TagSpecifications: [{ ResourceType: 'spot-instances-request', Tags: TAGS }],
      }),
    )
    const ask = async (state: string): Promise<string[]> => {
      const { SpotInstanceRequests = [] } = await ec2().send(
        new DescribeSpotInstanceRequestsCommand({
          Filters: [
            { Name: 'tag:mole:deployment', Values: ['aws-1'] },
            { Name: 'state', Values: [state] },
          ],
        }),
      )
      return SpotInstanceRequests.map(({ InstanceId = '' }) => InstanceId)
    }
    expect(await ask('active')).toEqual([id])
    const requestId = (await running(id)).SpotInstanceRequestId ?? ''
    expect(world.aws.spotRequests()).toMatchObject([{ id: requestId, instanceId: id }])
    await ec2().send(new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [requestId] }))
    expect(await ask('active')).toEqual([])
    expect(await ask('cancelled')).toEqual([id])
    await terminate(id)
    expect(await ask('closed')).toEqual([id])
    await remove(group)
  })
})

describe('a fault', () => {
  const vpcs = () => ec2().send(new DescribeVpcsCommand({}))
  const groups = async (): Promise<number> =>
    (await ec2().send(new DescribeSecurityGroupsCommand({}))).SecurityGroups?.length ?? 0

  it('drops a request before it is carried out, or its answer after', async () => {
    const held = await groups()
    const dropped = world.aws.fault({ kind: 'drop-before', action: 'CreateSecurityGroup' })
    await expect(makeGroup()).rejects.toThrow(/socket hang up|ECONNRESET/)
    expect([dropped.strikes(), await groups()]).toEqual([1, held])
    world.aws.fault({ kind: 'lost-reply', action: 'CreateSecurityGroup' })
    await expect(makeGroup()).rejects.toThrow(/socket hang up|ECONNRESET/)
    expect(await groups()).toBe(held + 1)
    const { SecurityGroups = [] } = await ec2().send(new DescribeSecurityGroupsCommand({}))
    await remove(SecurityGroups.find(({ Description }) => Description === 'test')?.GroupId ?? '')
    expect(await world.holdings()).toEqual(before)
  })

  it('answers as it is told, as often as it is told, where it is told', async () => {
    world.aws.fault({ kind: 'answer', error: awsError('RequestExpired'), action: 'DescribeVpcs', times: 2 })
    for (let time = 0; time < 2; time += 1) await expect(vpcs()).rejects.toMatchObject({ name: 'RequestExpired' })
    await vpcs()
    const elsewhere = world.aws.fault({
      kind: 'answer',
      error: awsError('InsufficientInstanceCapacity'),
      when: ({ action, parameters }) => action === 'RunInstances' && parameters.InstanceType === 'c7gn.large',
    })
    const group = await makeGroup()
    await expect(launch(request(group, { InstanceType: 'c7gn.large' }))).rejects.toMatchObject({
      name: 'InsufficientInstanceCapacity',
      $metadata: { httpStatusCode: 500 },
    })
    expect(elsewhere.strikes()).toBe(1)
    elsewhere.remove()
    await remove(group)
  })

  it('throttles a share of the requests, in the words of each service', async () => {
    const throttle = world.aws.fault({ kind: 'throttle', share: 0.9, seed: 7 })
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, vpcs))
    const refused = outcomes.filter(({ status }) => status === 'rejected').length
    expect(refused).toBeGreaterThan(35)
    expect(refused).toBeLessThan(50)
    expect(throttle.strikes()).toBe(refused)
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { name: 'RequestLimitExceeded' },
    })
    throttle.remove()
    world.aws.fault({ kind: 'throttle', share: 1 })
    const quota = new GetServiceQuotaCommand({ ServiceCode: 'ec2', QuotaCode: 'L-1216C47A' })
    await expect(new ServiceQuotasClient(options()).send(quota)).rejects.toMatchObject({ name: 'ThrottlingException' })
  })

  it('cuts an answer in the middle', async () => {
    world.aws.fault({ kind: 'truncate', action: 'DescribeVpcs' })
    await expect(vpcs()).rejects.toThrow(/XML|parse|tag/i)
    await vpcs()
  })

  it('hides what was just made, by its id and in lists, until its time has come', async () => {
    world.aws.fault({ kind: 'delay-visibility', action: 'CreateSecurityGroup', forMs: 60_000 })
    const held = await groups()
    const group = await makeGroup()
    const open = () =>
      ec2().send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId: group,
          IpPermissions: [{ IpProtocol: 'udp', FromPort: 1, ToPort: 2, IpRanges: [{ CidrIp: '198.51.100.2/32' }] }],
        }),
      )
    await expect(open()).rejects.toMatchObject({ name: 'InvalidGroup.NotFound' })
    expect(await groups()).toBe(held)
    nowMs += 60_000
    expect(await groups()).toBe(held + 1)
    await open()
    await remove(group)
  })

  it('can be put at each boundary of each call', async () => {
    const seen: string[] = []
    world.aws.onCall(async ({ action, actionOrdinal }, moment) => {
      seen.push(`${moment} ${action}`)
      return moment === 'before' && action === 'CreateSecurityGroup' && actionOrdinal > 0 ? 'drop' : 'go on'
    })
    const held = await groups()
    await expect(makeGroup()).rejects.toThrow(/socket hang up|ECONNRESET/)
    expect(await groups()).toBe(held)
    expect(seen.slice(0, 3)).toEqual([
      'before DescribeSecurityGroups',
      'after DescribeSecurityGroups',
      'before CreateSecurityGroup',
    ])
  })
})

describe('the account', () => {
  const launchDry = () => ec2().send(new RunInstancesCommand({ ...request('sg-0'), DryRun: true }))

  it('tells by simulation and by a dry run what its caller may not do', async () => {
    const simulate = async () => {
      const { EvaluationResults = [] } = await new IAMClient(options()).send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: 'arn:aws:iam::123456789012:user/moto',
          ActionNames: ['ec2:RunInstances', 'ec2:CreateRoute'],
        }),
      )
      return EvaluationResults.map(({ EvalActionName, EvalDecision }) => `${EvalActionName} ${EvalDecision}`)
    }
    expect(await simulate()).toEqual(['ec2:RunInstances allowed', 'ec2:CreateRoute allowed'])
    await expect(launchDry()).rejects.toMatchObject({ name: 'DryRunOperation' })
    world.aws.account.denied.add('ec2:RunInstances')
    expect(await simulate()).toEqual(['ec2:RunInstances implicitDeny', 'ec2:CreateRoute allowed'])
    await expect(launchDry()).rejects.toMatchObject({ name: 'UnauthorizedOperation' })
    await expect(launch(request('sg-0'))).rejects.toMatchObject({ name: 'UnauthorizedOperation' })
  })

  it('has quotas and prices a test can set', async () => {
    const ask = async () => {
      const { Quota } = await new ServiceQuotasClient(options()).send(
        new GetServiceQuotaCommand({ ServiceCode: 'ec2', QuotaCode: 'L-1216C47A' }),
      )
      return Quota?.Value
    }
    expect(await ask()).toBe(32)
    world.aws.account.quotas.set('L-1216C47A', 4)
    expect(await ask()).toBe(4)
    world.aws.account.products.push('{"sku":"x"}')
    const { PriceList } = await new PricingClient(options()).send(new GetProductsCommand({ ServiceCode: 'AmazonEC2' }))
    expect(PriceList?.map(String)).toEqual(['{"sku":"x"}'])
  })
})

describe('the DTN', () => {
  it('reaches AWS by its environment alone, and every call of its is on record', async () => {
    const script = `const { STSClient, GetCallerIdentityCommand } =
      require('node:module').createRequire(${JSON.stringify(join(packageRoot(), 'package.json'))})('@aws-sdk/client-sts')
      new STSClient({}).send(new GetCallerIdentityCommand({})).then(({ Arn }) => console.log(Arn))`
    const known = world.aws.calls.length
    const { code, stdout, stderr } = await world.run([process.execPath, '-e', script])
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'arn:aws:iam::123456789012:user/moto\n', stderr: '' })
    const [call] = world.aws.calls.slice(known)
    expect(call).toMatchObject({ service: 'sts', action: 'GetCallerIdentity', region: REGION })
    expect(call?.raw).toContain(world.env.AWS_ACCESS_KEY_ID)
    expect(call?.raw).not.toContain(world.env.AWS_SECRET_ACCESS_KEY)
    expect(call?.raw).toContain(world.env.AWS_SESSION_TOKEN)
  })

  it('runs mole, whose processes can be told and killed', async () => {
    const version = await world.mole(['--version'])
    expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+/) })
    const serving = world.mole(['serve', '--json'])
    await until(async () => ((await world.moles('serve')).length > 0 ? true : null))
    expect(await world.moles('no-such-word')).toEqual([])
    await world.killMoles('serve')
    expect(await world.moles()).toEqual([])
    expect((await serving).code).not.toBe(0)
  })

  it('is gone without a trace, with whatever was left running', async () => {
    const group = await makeGroup()
    const { InstanceId = '' } = await launch(request(group))
    await running(InstanceId)
    const left = world.run(['/bin/sleep', '1000'])
    const users = await identityOf(`/proc/${world.pid}/ns/user`)
    await world.dispose()
    await left
    expect(await findProcesses(async (pid) => (await identityOf(`/proc/${pid}/ns/user`)) === users)).toEqual([])
    expect(existsSync(world.directory)).toBe(false)
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(world.directory)
  })
})
