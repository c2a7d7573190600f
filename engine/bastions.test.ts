import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DeploymentView } from '../contract/app.ts'
import { MoleError } from '../contract/errors.ts'
import { NOTHING } from '../domain/host-state.ts'
import { slotsOf } from '../domain/tunnel-plan.ts'
import { until } from './testing/fake-world.ts'
import { type Fixture, openFixture, type Panel } from './testing/fixture.ts'

let fixture: Fixture
beforeEach(async () => {
  fixture = await openFixture()
})
afterEach(() => fixture.cleanUp())

const plan = { tunnels: 4, bastions: 2, maxTunnels: 64 }

const connected = async (change: object = {}): Promise<Panel> => {
  const panel = await fixture.start()
  await panel.client.call('deployment.deploy', { plan: { ...plan, ...change } })
  await panel.settled()
  return panel
}

const activeSlots = (): number[] => fixture.world.state.active.map((name) => Number(name.slice('mole'.length)))
const bastionsOf = (view: DeploymentView): string[] => view.bastions.map(({ index, state }) => `${index} ${state}`)

/** The next launch of each named bastion fails. */
const failLaunches = (...ends: string[]): void => {
  const launch = fixture.world.provider.launch
  Object.assign(fixture.world.provider, {
    launch: async (...[request, ...rest]: Parameters<typeof launch>) => {
      if (ends.some((end) => request.bastionId.endsWith(end)))
        throw new MoleError('capacity', 'No such instance can be had now.', { field: 'aws.instance_types' })
      return launch(request, ...rest)
    },
  })
}

describe('several bastions', () => {
  it('share the tunnels evenly, each by slots of its own', async () => {
    const panel = await connected()
    expect(panel.view().phase).toBe('connected')
    expect(bastionsOf(panel.view())).toEqual(['1 running', '2 running'])
    expect(activeSlots()).toEqual([1, 2, 9, 10])
    expect(panel.view().tunnels.map(({ slot, bastionId, endpoint }) => [slot, bastionId.slice(-2), endpoint])).toEqual([
      [1, 'b1', '203.0.113.10:51821'],
      [2, 'b1', '203.0.113.10:51822'],
      [9, 'b2', '203.0.113.11:51821'],
      [10, 'b2', '203.0.113.11:51822'],
    ])
  })

  it('are added when tunnels need them, and retired when they do not', async () => {
    const panel = await connected({ bastions: 1 })
    expect(bastionsOf(panel.view())).toEqual(['1 running'])
    await panel.client.call('deployment.scale', { tunnels: 12 })
    expect(bastionsOf(await panel.settled())).toEqual(['1 running', '2 running'])
    expect(activeSlots()).toEqual(slotsOf({ tunnels: 12, bastions: 1 }))
    await panel.client.call('deployment.scale', { tunnels: 3 })
    expect(bastionsOf(await panel.settled())).toEqual(['1 running'])
    expect(panel.view().phase).toBe('connected')
    expect(activeSlots()).toEqual([1, 2, 3])
    expect([...fixture.world.bastions.keys()]).toHaveLength(1)
  })

  it('are added alone, with the tunnels there are', async () => {
    const panel = await connected({ bastions: 1 })
    await panel.client.call('deployment.scale', { bastions: 4 })
    await panel.settled()
    expect(activeSlots()).toEqual([1, 9, 17, 25])
    await expect(panel.client.call('deployment.scale', { tunnels: 2, bastions: 3 })).rejects.toMatchObject({
      code: 'bad-input',
    })
  })

  it('serve without one that cannot be had, say so, and have it when asked again', async () => {
    const { launch } = fixture.world.provider
    failLaunches('-b2')
    const panel = await connected()
    expect(panel.view()).toMatchObject({
      phase: 'degraded',
      problem: { code: 'capacity', data: { field: 'bastion 2' } },
    })
    expect(bastionsOf(panel.view())).toEqual(['1 running', '2 missing'])
    expect(activeSlots()).toEqual([1, 2])
    Object.assign(fixture.world.provider, { launch })
    await panel.client.call('deployment.deploy', { plan })
    expect((await panel.settled()).phase).toBe('connected')
    expect(activeSlots()).toEqual([1, 2, 9, 10])
  })

  it('make nothing when none can be had', async () => {
    failLaunches('-b1', '-b2')
    const panel = await connected()
    expect(panel.view()).toMatchObject({ phase: 'failed', problem: { code: 'capacity' }, bastions: [] })
    expect(fixture.world.bastions.size).toBe(0)
  })
})

describe('a host that has lost its keys', () => {
  it('has bastions launched anew that trust the new ones', async () => {
    const panel = await connected()
    const before = [...fixture.world.bastions.values()]
    // As when the machine was started anew: the cloud knows nothing of it.
    fixture.world.killHelper()
    fixture.world.keys.clear()
    fixture.world.state = NOTHING
    await panel.client.call('deployment.deploy', { plan })
    expect((await panel.settled()).phase).toBe('connected')
    const after = [...fixture.world.bastions.values()]
    expect(after).toHaveLength(2)
    expect(after.some((bastion) => before.includes(bastion))).toBe(false)
  })
})

describe('a watched cloud', () => {
  beforeEach(() => {
    fixture.world.watchMs = 1000
  })

  it('has a bastion that died replaced, and traffic goes by the others meanwhile', async () => {
    const panel = await connected()
    const [first, second] = [...fixture.world.bastions.values()]
    if (first === undefined || second === undefined) throw new Error('two bastions were wanted')
    const keyBefore = second.ends[0]?.publicKey
    let duringLaunch: number[] = []
    fixture.world.gate = async (what, when) => {
      if (what === 'launch' && when === 'before') duringLaunch = activeSlots()
    }
    second.state = 'failed'
    await until(() => fixture.world.bastions.get(second.id) !== second && fixture.world.bastions.has(second.id))
    await until(() => panel.view().phase === 'connected')
    expect(duringLaunch).toEqual([1, 2])
    expect(activeSlots()).toEqual([1, 2, 9, 10])
    expect(fixture.world.bastions.get(second.id)?.ends[0]?.publicKey).not.toBe(keyBefore)
    expect(fixture.world.bastions.get(first.id)).toBe(first)
    expect(panel.view().act?.verb).toBe('recover')
  })

  it('tells of drift, and repairs it when asked', async () => {
    const panel = await connected()
    let prepared = 0
    Object.assign(fixture.world.provider, {
      prepare: async () => {
        prepared += 1
        fixture.world.drift = []
      },
    })
    fixture.world.drift = ['the security group sg-1 is gone']
    const view = await panel.reaches('degraded')
    expect(view).toMatchObject({ problem: { code: 'drift' }, drift: ['the security group sg-1 is gone'] })
    await panel.client.call('deployment.deploy', { plan })
    expect((await panel.settled()).phase).toBe('connected')
    expect(prepared).toBe(1)
  })

  it('lets this host in anew when its address has changed, without being asked', async () => {
    const panel = await connected()
    let prepared = 0
    Object.assign(fixture.world.provider, {
      prepare: async () => {
        prepared += 1
        Object.assign(fixture.world, { drift: [], hasMoved: false })
      },
    })
    Object.assign(fixture.world, { drift: ['the group lets in an address that is not ours'], hasMoved: true })
    await until(() => prepared === 1)
    await until(() => panel.view().phase === 'connected' && panel.view().drift.length === 0)
    expect(panel.view().act?.verb).toBe('recover')
  })

  it('says why it cannot be looked at, and tunnels stay', async () => {
    const panel = await connected()
    fixture.world.unseen = new MoleError('credentials-expired', 'Log in again.')
    expect(await panel.reaches('degraded')).toMatchObject({ problem: { code: 'credentials-expired' } })
    expect(activeSlots()).toEqual([1, 2, 9, 10])
    fixture.world.unseen = null
    expect((await panel.reaches('connected')).problem).toBeNull()
  })

  it('is watched on by the next engine, also when that cannot look at it at first', async () => {
    await connected()
    fixture.world.unseen = new MoleError('credentials-expired', 'Log in again.')
    const next = await fixture.start()
    expect(next.view()).toMatchObject({ phase: 'degraded', problem: { code: 'credentials-expired' } })
    fixture.world.unseen = null
    expect(bastionsOf(await next.reaches('connected'))).toEqual(['1 running', '2 running'])
  })
})
