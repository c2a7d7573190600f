import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { launchInput } from './run-instance.ts'
import { awsFault, SUBNETS } from './testing/fake-aws.ts'
import { ID, openProvider, requestWith, whoseWith } from './testing/open-provider.ts'

let world: ReturnType<typeof openProvider>
beforeEach(async () => {
  world = openProvider()
  await world.provider.prepare(whoseWith(), world.tell, world.signal)
})
afterEach(() => world.aws.close())

const launch = (...given: Parameters<typeof requestWith>) =>
  world.provider.launch(requestWith(...given), world.tell, world.signal)
const alive = () => world.aws.instances.filter(({ State }) => State?.Name === 'running')
const runs = () => world.aws.inputs('RunInstances')
const tokens = () => runs().map(({ ClientToken }) => ClientToken)

describe('a launch', () => {
  it('asks for what the review has said, and nothing more', async () => {
    const bastion = await launch()
    expect(bastion).toMatchObject({ id: `${ID}-b1`, index: 1, state: 'running', publicAddress: '203.0.113.10' })
    expect(bastion.machine).toMatchObject({ instanceType: 'c6gn.medium', zone: 'us-west-2a', market: 'on-demand' })
    const [input] = runs()
    expect(input).toMatchObject({
      ClientToken: `${ID}-b1-1`,
      MinCount: 1,
      MaxCount: 1,
      ImageId: 'ami-0a0a0a0a',
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      InstanceInitiatedShutdownBehavior: 'terminate',
      NetworkInterfaces: [{ AssociatePublicIpAddress: true, DeleteOnTermination: true, SubnetId: SUBNETS[0] }],
      BlockDeviceMappings: [{ Ebs: { Encrypted: true, VolumeType: 'gp3', DeleteOnTermination: true } }],
    })
    for (const key of ['KeyName', 'IamInstanceProfile', 'InstanceMarketOptions']) expect(input).not.toHaveProperty(key)
    const tags = (input as { TagSpecifications: { ResourceType: string; Tags: unknown }[] }).TagSpecifications
    expect(tags.map(({ ResourceType }) => ResourceType)).toEqual(['instance', 'volume', 'network-interface'])
    for (const { Tags } of tags)
      expect(Tags).toEqual([
        { Key: 'mole:deployment', Value: ID },
        { Key: 'mole:bastion', Value: `${ID}-b1` },
        { Key: 'Name', Value: `mole ${ID} b1` },
      ])
    expect(alive()[0]?.SourceDestCheck).toBe(false)
  })

  it('is a one-time Spot request where that is chosen', async () => {
    const { machine } = await launch({ market: 'spot' })
    expect(machine?.market).toBe('spot')
    expect(runs()[0]).toMatchObject({
      InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { SpotInstanceType: 'one-time' } },
    })
    expect(JSON.stringify(runs()[0])).toContain('spot-instances-request')
  })

  it('spreads bastions over the subnets in turn', async () => {
    for (const index of [1, 2, 3, 4]) await launch({ instanceTypes: ['t4g.nano'] }, { index })
    expect(alive().map(({ Placement }) => Placement?.AvailabilityZone)).toEqual([
      'us-west-2a',
      'us-west-2b',
      'us-west-2c',
      'us-west-2a',
    ])
  })

  it('takes x86_64 images for x86_64', async () => {
    await launch({ instanceTypes: ['c6in.large'] })
    expect(runs()[0]).toMatchObject({ ImageId: 'ami-0b0b0b0b', InstanceType: 'c6in.large' })
  })
})

describe('without room', () => {
  it('tries the other zones that offer the type, then the next type, each with a token of its own', async () => {
    world.aws.fail('RunInstances', awsFault('InsufficientInstanceCapacity'), 2)
    const { machine } = await launch()
    expect(machine).toMatchObject({ instanceType: 't4g.nano', zone: 'us-west-2a' })
    expect(runs().map(({ InstanceType }) => InstanceType)).toEqual(['c6gn.medium', 'c6gn.medium', 't4g.nano'])
    expect(tokens()).toEqual([`${ID}-b1-1`, `${ID}-b1-1-1`, `${ID}-b1-1-2`])
    expect(alive()).toHaveLength(1)
  })

  it.each(['Unsupported', 'SpotMaxPriceTooLow', 'InsufficientFreeAddressesInSubnet'])(
    '%s leads on too',
    async (code) => {
      world.aws.fail('RunInstances', awsFault(code))
      expect((await launch()).machine?.zone).toBe('us-west-2b')
    },
  )

  it('anywhere, says what was tried', async () => {
    world.aws.fail('RunInstances', awsFault('InsufficientInstanceCapacity'), 9)
    const error = await launch().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'capacity', data: { field: 'aws.instance_types' } })
    expect((error as { data: { meaning: string } }).data.meaning).toMatch(
      /c6gn.medium in us-west-2a; .*t4g.nano in us-west-2c/,
    )
    expect(runs()).toHaveLength(5)
    expect(alive()).toEqual([])
  })
})

describe('what does not pass', () => {
  it.each([
    ['VcpuLimitExceeded', 'quota-exceeded'],
    ['InstanceLimitExceeded', 'quota-exceeded'],
    ['UnauthorizedOperation', 'denied'],
    ['ExpiredToken', 'credentials-expired'],
    ['RequestExpired', 'credentials-expired'],
    ['InvalidParameterValue', 'not-available'],
  ])('%s is asked once, and told as %s', async (name, code) => {
    world.aws.fail('RunInstances', awsFault(name), 5)
    await expect(launch()).rejects.toMatchObject({ code })
    expect(runs()).toHaveLength(1)
  })

  it('goes on after a login where expired credentials stopped it', async () => {
    world.aws.fail('ModifyInstanceAttribute', awsFault('ExpiredToken'))
    await expect(launch()).rejects.toMatchObject({
      code: 'credentials-expired',
      data: { nextStep: expect.stringContaining('aws sso login --profile lab') },
    })
    await launch()
    expect(runs()).toHaveLength(1)
    expect(alive()).toHaveLength(1)
    expect(alive()[0]?.SourceDestCheck).toBe(false)
  })

  it.each([
    ['a key that is not declared public', Buffer.alloc(32, 99).toString('base64')],
    ['an AWS access key', 'AKIAABCDEFGHIJKLMNOP'],
    ['a PEM key', '-----BEGIN OPENSSH PRIVATE KEY-----'],
  ])('is %s in user data: the request is not even made', (_what, secret) => {
    const placement = {
      instanceType: 't4g.nano',
      architecture: 'arm64',
      subnetId: SUBNETS[0],
      zone: 'us-west-2a',
    } as const
    const launching = { request: requestWith(), placement, imageId: 'ami-1', groupId: 'sg-1', token: 'x' }
    expect(() => launchInput({ ...launching, userData: '#!/bin/sh\n' })).not.toThrow()
    expect(() => launchInput({ ...launching, userData: `#!/bin/sh\necho ${secret}\n` })).toThrowError(
      expect.objectContaining({ code: 'denied' }),
    )
  })
})

describe('a launch that was made before', () => {
  it('is found by its tag, also by another engine', async () => {
    const first = await launch()
    const second = await world.make().launch(requestWith(), world.tell, world.signal)
    expect(second.machine?.instanceId).toBe(first.machine?.instanceId)
    expect(runs()).toHaveLength(1)
  })

  it('happens once when its answer is lost', async () => {
    world.aws.lose('RunInstances')
    await launch()
    expect(alive()).toHaveLength(1)
    expect(new Set(tokens())).toEqual(new Set([`${ID}-b1-1`]))
    expect(runs()).toHaveLength(2)
  })

  it('happens once when it is not visible yet and another engine asks for it again', async () => {
    world.aws.settings.hideMs = 60_000
    const killed = new AbortController()
    const first = world.provider.launch(requestWith(), world.tell, killed.signal)
    while (runs().length === 0) await world.clock.sleep(0)
    killed.abort()
    await first.catch(() => undefined)
    const { publicAddress } = await world.make().launch(requestWith(), world.tell, world.signal)
    expect(publicAddress).toBe('203.0.113.10')
    expect(tokens()).toEqual([`${ID}-b1-1`, `${ID}-b1-1`])
    expect(alive()).toHaveLength(1)
  })

  it('is waited for when AWS says that its token is taken', async () => {
    world.aws.settings.hideMs = 60_000
    const early = world.provider.launch(requestWith(), world.tell, world.signal)
    while (runs().length === 0) await world.clock.sleep(0)
    // Another try, with other user data: its request differs.
    const late = world.make().launch(requestWith({ leaseSeconds: 3600 }), world.tell, world.signal)
    expect((await late).machine?.instanceId).toBe((await early).machine?.instanceId)
    expect(alive()).toHaveLength(1)
  })

  it('is made anew, with a token that was not spent, when its instance has ended', async () => {
    await launch()
    await world.provider.terminate(whoseWith(), [`${ID}-b1`], world.tell, world.signal)
    expect(alive()).toEqual([])
    await launch()
    expect(tokens()).toEqual([`${ID}-b1-1`, `${ID}-b1-1-1`])
    expect(alive()).toHaveLength(1)
  })

  it('is made anew when AWS knows no more of its instance than that it ended', async () => {
    world.aws.fail('RunInstances', awsFault('IdempotentInstanceTerminated'), 2)
    expect(await launch()).toMatchObject({ state: 'running', machine: { zone: 'us-west-2a' } })
    expect(tokens()).toEqual([`${ID}-b1-1`, `${ID}-b1-1-1`, `${ID}-b1-1-2`])
    expect(alive()).toHaveLength(1)
  })

  it('replaces an instance that somebody stopped', async () => {
    await launch()
    const [stopped] = world.aws.instances
    if (stopped !== undefined) stopped.State = { Name: 'stopped' }
    expect((await world.provider.observe(whoseWith())).bastions[0]?.state).toBe('failed')
    await launch({}, { launch: 2 })
    expect(world.aws.instances.map(({ State }) => State?.Name)).toEqual(['shutting-down', 'running'])
  })
})

describe('patience', () => {
  it('outlasts two minutes in which nine of ten requests are throttled', async () => {
    for (const name of ['DescribeInstances', 'DescribeSubnets', 'RunInstances', 'ModifyInstanceAttribute'])
      world.aws.fail(name, awsFault('RequestLimitExceeded'), 9)
    await launch()
    expect(world.clock.monotonicMs()).toBeGreaterThan(30_000)
    expect(alive()).toHaveLength(1)
  })

  it('ends: throttled for ever is an error that says so', async () => {
    world.aws.fail('RunInstances', awsFault('RequestLimitExceeded'), 1000)
    await expect(launch()).rejects.toMatchObject({ code: 'timeout' })
    expect(world.clock.monotonicMs()).toBeLessThan(200_000)
    expect(alive()).toEqual([])
  })

  it('bridges what is not known everywhere yet', async () => {
    world.aws.fail('RunInstances', awsFault('InvalidGroup.NotFound'), 4)
    world.aws.fail('ModifyInstanceAttribute', awsFault('InvalidInstanceID.NotFound'), 4)
    await launch()
    expect(alive()[0]?.SourceDestCheck).toBe(false)
    expect(new Set(tokens()).size).toBe(1)
  })

  it('ends at once when it is cancelled', async () => {
    const stop = new AbortController()
    world.aws.fail('RunInstances', awsFault('RequestLimitExceeded'), 1000)
    const launching = world.provider.launch(requestWith(), world.tell, stop.signal)
    while (runs().length < 2) await world.clock.sleep(0)
    stop.abort()
    await expect(launching).rejects.toMatchObject({ code: 'cancelled' })
  })
})
