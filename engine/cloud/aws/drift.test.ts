import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { awsFault } from './testing/fake-aws.ts'
import { ID, openProvider, requestWith, whoseWith } from './testing/open-provider.ts'

let world: ReturnType<typeof openProvider>
beforeEach(() => {
  world = openProvider()
})
afterEach(() => world.aws.close())

const prepare = (aws: Record<string, unknown> = {}) => world.provider.prepare(whoseWith(aws), world.tell, world.signal)
const launch = () => world.provider.launch(requestWith(), world.tell, world.signal)
const drift = async (aws: Record<string, unknown> = {}) => (await world.provider.observe(whoseWith(aws))).drift
const rulesOf = () =>
  (world.aws.groups[0]?.IpPermissions ?? []).map(
    ({ IpProtocol, FromPort, ToPort, IpRanges }) => `${IpProtocol} ${FromPort}-${ToPort} ${IpRanges?.[0]?.CidrIp}`,
  )
const OPEN = 'udp 51821-51836 198.51.100.2/32'

describe('the security group', () => {
  it('lets in WireGuard from one address, and is made once', async () => {
    await prepare()
    await prepare()
    expect(rulesOf()).toEqual([OPEN])
    expect(world.aws.inputs('CreateSecurityGroup')).toHaveLength(1)
    expect(world.aws.groups[0]).toMatchObject({
      GroupName: `mole ${ID}`,
      Tags: [{ Key: 'mole:deployment', Value: ID }, {}],
    })
  })

  it('has the new rule before the old one goes when the address changes', async () => {
    await prepare()
    await prepare({ sourceCidr: '203.0.113.9/32' })
    expect(rulesOf()).toEqual(['udp 51821-51836 203.0.113.9/32'])
    const order = world.aws.calls.map(({ name }) => name).filter((name) => /Authorize|Revoke/.test(name))
    expect(order).toEqual([
      'AuthorizeSecurityGroupIngress',
      'AuthorizeSecurityGroupIngress',
      'RevokeSecurityGroupIngress',
    ])
  })

  it('is made once when the answer is lost, also when it is not visible yet', async () => {
    world.aws.settings.hideMs = 60_000
    world.aws.lose('CreateSecurityGroup')
    await prepare()
    expect(world.aws.groups).toHaveLength(1)
    expect(rulesOf()).toEqual([OPEN])
  })

  it('of the same name without our tag is somebody else’s', async () => {
    world.aws.groups.push({ GroupId: 'sg-theirs', GroupName: `mole ${ID}`, VpcId: 'vpc-0a1b2c3d', IpPermissions: [] })
    await expect(prepare()).rejects.toMatchObject({ code: 'conflict' })
    expect(world.aws.groups[0]?.IpPermissions).toEqual([])
  })

  it('is patient with itself right after it was made', async () => {
    world.aws.fail('AuthorizeSecurityGroupIngress', awsFault('InvalidGroup.NotFound'), 5)
    await prepare()
    expect(rulesOf()).toEqual([OPEN])
  })
})

describe('who is let in where the plan leaves it open', () => {
  const open = { sourceCidr: null }
  const observe = () => world.provider.observe(whoseWith(open))

  it('is this host, wherever it is now', async () => {
    await prepare(open)
    expect(rulesOf()).toEqual(['udp 51821-51836 198.51.100.7/32'])
    expect(await observe()).toMatchObject({ drift: [], hasMoved: false })
    world.here.address = '203.0.113.77'
    await world.clock.sleep(60_000)
    expect(await observe()).toMatchObject({ hasMoved: true, drift: [expect.any(String), expect.any(String)] })
    await prepare(open)
    expect(rulesOf()).toEqual(['udp 51821-51836 203.0.113.77/32'])
    expect(await observe()).toMatchObject({ drift: [], hasMoved: false })
  })

  it('stays in while its address cannot be found', async () => {
    world.here.address = null
    await expect(prepare(open)).rejects.toThrowError('nobody answers')
    expect(world.aws.groups).toEqual([])
    world.here.address = '198.51.100.7'
    await prepare(open)
    world.here.address = null
    await world.clock.sleep(60_000)
    expect(await observe()).toMatchObject({ drift: [], hasMoved: false })
    await prepare(open)
    expect(rulesOf()).toEqual(['udp 51821-51836 198.51.100.7/32'])
  })

  it('is not looked after where the plan says it', async () => {
    await prepare()
    expect((await world.provider.observe(whoseWith())).hasMoved).toBe(false)
  })
})

describe('drift', () => {
  it('is none right after a deployment, and none where nothing is deployed', async () => {
    expect(await drift()).toEqual([])
    await prepare()
    expect(await drift()).toEqual([])
    await launch()
    expect(await drift()).toEqual([])
  })

  it.each([
    ['a rule taken away', () => world.aws.groups[0]?.IpPermissions?.splice(0), /no longer lets UDP 51821–51836 in/],
    [
      'a rule added',
      () =>
        world.aws.groups[0]?.IpPermissions?.push({
          IpProtocol: 'tcp',
          FromPort: 22,
          ToPort: 22,
          IpRanges: [{ CidrIp: '0.0.0.0/0' }],
        }),
      /lets in more than it should: tcp 22–22 from 0.0.0.0\/0/,
    ],
    [
      'the source/destination check',
      () => Object.assign(world.aws.instances[0] ?? {}, { SourceDestCheck: true }),
      /source\/destination check of i-00000002/,
    ],
    [
      'a group added to an instance',
      () => world.aws.instances[0]?.SecurityGroups?.push({ GroupId: 'sg-theirs' }),
      /i-00000002 .* is not behind the security group sg-00000001 alone/,
    ],
    [
      'an instance twice',
      () => world.aws.instances.push({ ...world.aws.instances[0], InstanceId: 'i-99999999', NetworkInterfaces: [] }),
      /is there twice: i-99999999 is one too many/,
    ],
  ])('%s is seen, and mended by prepare', async (_what, change, words) => {
    await prepare()
    await launch()
    change()
    const found = await drift()
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(words)
    await prepare()
    expect(await drift()).toEqual([])
    expect(rulesOf()).toEqual([OPEN])
  })

  it('of a group that is gone is seen while anything runs', async () => {
    await prepare()
    await launch()
    world.aws.groups.splice(0)
    expect(await drift()).toEqual(['The security group of the deployment is gone.'])
    await prepare()
    expect(await drift()).toEqual([])
    expect(world.aws.instances[0]?.SecurityGroups).toEqual([{ GroupId: world.aws.groups[0]?.GroupId }])
  })
})
