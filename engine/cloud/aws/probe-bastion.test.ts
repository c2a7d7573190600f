import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAccess } from './access.ts'
import { probeBastionSays } from './probe-user-data.ts'
import { sweepDeployments } from './sweep.ts'
import { REGION } from './testing/fake-aws.ts'
import { openProvider, shippedPrices } from './testing/open-provider.ts'

const ASKED = { id: 'aws-probe3f9c2a', profile: null, region: REGION, instanceType: null, allowedCidr: null }

let world: ReturnType<typeof openProvider>
beforeEach(() => {
  world = openProvider()
})
afterEach(() => world.aws.close())

const probing = () => {
  const { probing: bastions } = world.provider
  if (bastions === undefined) throw new Error('AWS makes bastions for probes')
  return bastions
}
const alive = () => world.aws.instances.filter(({ State }) => State?.Name !== 'terminated')

/** Its instance says so as soon as there is one. */
const opened = async (signal = world.signal) => {
  world.aws.consoles.set('i-00000002', '[   3.1] booting\r\nmole-probe-ready v1\r\n')
  return probing().open(ASKED, world.tell, signal)
}

describe('the bastion of a probe', () => {
  it('answers whoever measures and nobody else, carries our tags, and ends itself', async () => {
    expect(await opened()).toEqual({ address: '203.0.113.10', callerCidr: '198.51.100.7/32' })
    const [run] = world.aws.inputs('RunInstances')
    expect(run).toMatchObject({ InstanceInitiatedShutdownBehavior: 'terminate', ClientToken: 'aws-probe3f9c2a-b1-1' })
    for (const key of ['KeyName', 'IamInstanceProfile']) expect(run).not.toHaveProperty(key)
    expect(alive()[0]?.SourceDestCheck).toBe(true)
    const userData = Buffer.from(String(run?.UserData), 'base64').toString('utf8')
    expect(userData).toContain('shutdown -h "+30"')
    expect(userData).toContain('shutdown -h +30 || shutdown -h now')
    expect(userData).toContain('python3 /run/mole-probe/echo.py 7011')
    expect(userData).toContain('moleprob')
    expect(userData).not.toMatch(/@[A-Z0-9_]+@/)
    expect(Buffer.byteLength(userData)).toBeLessThan(16 * 1024)
    const [group] = world.aws.groups
    expect(group?.IpPermissions).toHaveLength(4)
    const grants = group?.IpPermissions?.map(({ IpProtocol, FromPort, IpRanges }) => [
      IpProtocol,
      FromPort,
      IpRanges?.[0]?.CidrIp,
    ])
    expect(grants).toEqual([
      ['udp', 7011, '198.51.100.7/32'],
      ['udp', 5201, '198.51.100.7/32'],
      ['tcp', 5201, '198.51.100.7/32'],
      ['icmp', 8, '198.51.100.7/32'],
    ])
  })

  it('is swept away by its tag, as what a deployment left is', async () => {
    await opened()
    const access = openAccess({ profile: null, region: REGION }, { clock: world.clock, signal: world.signal })
    const log = await sweepDeployments(access, [ASKED.id], [])
    expect(log.at(-1)).toMatch(/nothing is left/)
    expect([alive(), world.aws.groups]).toEqual([[], []])
  })

  it('is launched once, however often it is asked for', async () => {
    await opened()
    await opened()
    expect(alive()).toHaveLength(1)
    expect(world.aws.groups).toHaveLength(1)
  })

  it('leaves nothing, and proves it; nor does it the second time', async () => {
    await opened()
    await probing().remove(ASKED, world.tell, world.signal)
    expect(alive()).toEqual([])
    expect(world.aws.groups).toEqual([])
    await probing().remove(ASKED, world.tell, world.signal)
  })

  it('is found and removed by an engine that knows its id alone', async () => {
    await opened()
    const other = world.make().probing
    await other?.remove(ASKED, world.tell, world.signal)
    expect([alive(), world.aws.groups]).toEqual([[], []])
  })

  it.each([
    ['says nothing', 'booting', /did not answer within 5 minutes/],
    ['gives up', 'mole-probe-failed v1 exit=1', /did not boot/],
  ])('is not waited for in vain where it %s', async (_, console, said) => {
    world.aws.consoles.set('i-00000002', console)
    await expect(probing().open(ASKED, world.tell, world.signal)).rejects.toThrow(said)
  })

  it('stops being waited for at once when that is cancelled', async () => {
    const cancel = new AbortController()
    const tell = (line: string): void => {
      if (line.includes('booting')) cancel.abort()
    }
    await expect(probing().open(ASKED, tell, cancel.signal)).rejects.toMatchObject({ code: 'cancelled' })
    await probing().remove(ASKED, world.tell, world.signal)
    expect([alive(), world.aws.groups]).toEqual([[], []])
  })
})

describe('its review', () => {
  it('says what is made and what it costs, and changes nothing', async () => {
    const { resources, costUsdPerHour, costNote } = await probing().review({ ...ASKED, instanceType: 'c6gn.medium' })
    expect(resources.map(({ kind }) => kind)).toEqual(['security group', 'instance', 'volume', 'public IPv4'])
    expect(resources[0]?.detail).toContain('from 198.51.100.7/32, nothing else')
    const price = shippedPrices().regions.get(REGION)?.onDemandUsdPerHour.get('c6gn.medium')?.value ?? Number.NaN
    expect(costUsdPerHour).toBeGreaterThan(price)
    expect(costNote).toContain(`30 minutes after it booted: by then about $${((costUsdPerHour ?? 0) / 2).toFixed(4)}`)
    expect(world.aws.calls.filter(({ name }) => !/^(Describe|Get)/.test(name))).toEqual([])
  })

  it('says what cannot be had', async () => {
    await expect(probing().review({ ...ASKED, instanceType: 'z9.nano' })).rejects.toThrow(/instance types/)
  })
})

describe('what it says on its console', () => {
  it.each([
    ['', 'booting'],
    ['mole-probe-ready v1', 'ready'],
    ['x\nmole-probe-ready v1\r\ny', 'ready'],
    ['[   14.9] cloud-init[1888]: mole-probe-ready v1\r\n', 'ready'],
    ['[   14.9] cloud-init[1888]: mole-probe-failed v1 exit=1\r\n', 'failed'],
    ['mole-probe-ready v12', 'booting'],
    ['mole-probe-failed v1 exit=2', 'failed'],
  ])('%j: %s', (text, says) => expect(probeBastionSays(text)).toBe(says))
})
