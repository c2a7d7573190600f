import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { awsFault, TABLES } from './testing/fake-aws.ts'
import { ID, openProvider, requestWith, whoseWith } from './testing/open-provider.ts'

let world: ReturnType<typeof openProvider>
beforeEach(() => {
  world = openProvider()
})
afterEach(() => world.aws.close())

const deploy = async (aws: Record<string, unknown> = {}, bastions = 1): Promise<void> => {
  await world.provider.prepare(whoseWith(aws), world.tell, world.signal)
  for (let index = 1; index <= bastions; index += 1)
    await world.provider.launch(requestWith(aws, { index }), world.tell, world.signal)
}
const remove = (aws: Record<string, unknown> = {}) => world.provider.remove(whoseWith(aws), world.tell, world.signal)
const leftovers = (aws: Record<string, unknown> = {}) => world.provider.leftovers(whoseWith(aws))
const done = (...names: string[]) => world.aws.calls.map(({ name }) => name).filter((name) => names.includes(name))

const foreign = () => ({
  InstanceId: 'i-foreign',
  State: { Name: 'running' as const },
  NetworkInterfaces: [{ NetworkInterfaceId: 'eni-foreign' }],
  Tags: [{ Key: 'mole:deployment', Value: 'aws-000000' }],
})

describe('what a deployment leaves', () => {
  it('is named, each thing of it, while it is there', async () => {
    await deploy({}, 2)
    expect(await leftovers()).toEqual([
      'instance i-00000002 (running)',
      'instance i-00000003 (running)',
      'volume vol-of-i-00000002 (in-use)',
      'volume vol-of-i-00000003 (in-use)',
      'network interface eni-of-i-00000002 (in-use)',
      'network interface eni-of-i-00000003 (in-use)',
      'security group sg-00000001 (available)',
    ])
  })

  it('of no recorded deployment is nobody’s guess', async () => {
    await deploy()
    expect(await world.provider.leftovers(null)).toEqual([])
  })

  it('cannot be said when AWS does not tell: an answer without its list is no proof', async () => {
    world.aws.fail('DescribeVolumes', Object.assign(new Error('cut off'), { $metadata: { httpStatusCode: 200 } }), 1000)
    await expect(leftovers()).rejects.toMatchObject({ code: 'disconnected' })
  })
})

describe('removing', () => {
  it('ends in nothing, instances before the security group, and leaves others alone', async () => {
    await deploy({}, 2)
    world.aws.instances.push(foreign())
    world.aws.settings.shutDownMs = 90_000
    const removing = remove()
    while (!done('DeleteSecurityGroup').length) await world.clock.sleep(0)
    // In the fake a group is in use while anything runs: the other's instance goes by itself.
    world.aws.instances.splice(-1)
    await removing
    expect(await leftovers()).toEqual([])
    expect(world.aws.inputs('TerminateInstances').flatMap(({ InstanceIds }) => InstanceIds)).not.toContain('i-foreign')
    expect(done('TerminateInstances', 'DeleteSecurityGroup').at(0)).toBe('TerminateInstances')
  })

  it('waits while the group is in use, and for no longer than ten minutes', async () => {
    await deploy()
    world.aws.fail('DeleteSecurityGroup', awsFault('DependencyViolation'), 5)
    await remove()
    expect(world.aws.groups).toEqual([])
    await deploy({}, 0)
    world.aws.fail('DeleteSecurityGroup', awsFault('DependencyViolation'), 10_000)
    const error = await remove().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'timeout',
      data: { meaning: expect.stringMatching(/security group sg-.*DependencyViolation/) },
    })
  })

  it('ends an instance that becomes visible only while it goes on', async () => {
    await world.provider.prepare(whoseWith(), world.tell, world.signal)
    world.aws.settings.hideMs = 60_000
    const stop = new AbortController()
    const launching = world.provider.launch(requestWith(), world.tell, stop.signal)
    while (done('RunInstances').length === 0) await world.clock.sleep(0)
    stop.abort()
    await launching.catch(() => undefined)
    await remove()
    expect(world.aws.instances.map(({ State }) => State?.Name)).toEqual(['terminated'])
    expect(world.aws.groups).toEqual([])
  })

  it('does nothing where nothing is, and can be asked twice', async () => {
    await remove()
    await deploy()
    await remove()
    await remove()
    expect(done('TerminateInstances')).toHaveLength(1)
  })

  it('stops at expired credentials and goes on after a login', async () => {
    await deploy()
    world.aws.fail('TerminateInstances', awsFault('ExpiredToken'))
    await expect(remove()).rejects.toMatchObject({ code: 'credentials-expired' })
    await remove()
    expect(await leftovers()).toEqual([])
  })
})

describe('terminating some bastions', () => {
  it('leaves the others and the security group', async () => {
    await deploy({}, 2)
    await world.provider.terminate(whoseWith(), [`${ID}-b2`], world.tell, world.signal)
    const { bastions } = await world.provider.observe(whoseWith())
    expect(bastions.map(({ id }) => id)).toEqual([`${ID}-b1`])
    expect(world.aws.groups).toHaveLength(1)
  })
})

describe('routes', () => {
  const routes = { routing: 'routes' }
  const routesOf = (id: string) => world.aws.tables.find(({ RouteTableId }) => RouteTableId === id)?.Routes ?? []
  const theirs = { DestinationCidrBlock: '10.100.0.0/16', GatewayId: 'vgw-1', State: 'active' as const }

  it('are made only in tables marked for us, and taken away again', async () => {
    await deploy(routes)
    expect(routesOf(TABLES.lent)).toMatchObject([
      { DestinationCidrBlock: '10.100.0.0/16', NetworkInterfaceId: 'eni-of-i-00000002' },
    ])
    expect(routesOf(TABLES.other)).toEqual([])
    expect(await leftovers(routes)).toContain('route rtb-00000002 10.100.0.0/16 (active)')
    await remove(routes)
    expect(routesOf(TABLES.lent)).toEqual([])
    expect(routesOf(TABLES.public)).toHaveLength(1)
  })

  it('of others are left where they are', async () => {
    routesOf(TABLES.lent).push(theirs)
    await deploy(routes)
    expect(world.told).toContain('route table rtb-00000002 leads 10.100.0.0/16 to vgw-1: left alone')
    expect((await world.provider.observe(whoseWith(routes))).drift).toEqual([])
    await remove(routes)
    expect(routesOf(TABLES.lent)).toEqual([theirs])
  })

  it('in tables that are not marked for us are never touched, even where they lead to us, and hold up nothing', async () => {
    await deploy(routes)
    const stray = { ...theirs, GatewayId: undefined, NetworkInterfaceId: 'eni-of-i-00000002' }
    routesOf(TABLES.other).push(stray)
    await remove(routes)
    expect(world.aws.inputs('DeleteRoute')).toMatchObject([{ RouteTableId: TABLES.lent }])
    expect(routesOf(TABLES.other)).toEqual([stray])
    expect(await leftovers(routes)).toEqual([])
  })

  it('of an instance that has ended are led to the next', async () => {
    await deploy(routes)
    const [first] = world.aws.instances
    if (first !== undefined) Object.assign(first, { State: { Name: 'shutting-down' }, endsAtMs: 0 })
    await world.provider.launch(requestWith(routes, { launch: 2 }), world.tell, world.signal)
    expect(routesOf(TABLES.lent)).toMatchObject([{ NetworkInterfaceId: 'eni-of-i-00000003', State: 'active' }])
  })

  it('that somebody took away are seen and made again', async () => {
    await deploy(routes)
    routesOf(TABLES.lent).splice(0)
    const { drift } = await world.provider.observe(whoseWith(routes))
    expect(drift).toEqual(['The route table rtb-00000002 does not lead 10.100.0.0/16 to the bastion.'])
    await world.provider.prepare(whoseWith(routes), world.tell, world.signal)
    expect((await world.provider.observe(whoseWith(routes))).drift).toEqual([])
  })
})
