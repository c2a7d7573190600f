import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DeploymentView } from '../contract/app.ts'
import { MoleError } from '../contract/errors.ts'
import { NOTHING } from '../domain/host-state.ts'
import { slotsOf } from '../domain/tunnel-plan.ts'
import { bootFailure } from './cloud/bastion/boot-failure.ts'
import { carryingInterfaces } from './testing/fake-paths.ts'
import { hang, until } from './testing/fake-world.ts'
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

const activeSlots = (): number[] => carryingInterfaces(fixture.world).map((name) => Number(name.slice('mole'.length)))
/** True from so many milliseconds on. */
const pauseOf = (ms: number): (() => boolean) => {
  const endMs = performance.now() + ms
  return () => performance.now() > endMs
}
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

describe('tunnels that die', () => {
  const kindsOf = async (panel: Panel): Promise<string[]> => {
    for await (const event of panel.client.stream('activity.watch', {}))
      if (event.kind === 'recent') return event.events.map(({ level, kind }) => `${level} ${kind}`)
    return []
  }
  const shown = (panel: Panel): unknown[] =>
    panel.view().tunnels.map(({ slot, health, carries }) => `${slot} ${health}${carries ? '' : ', out'}`)

  it('are shown to be out of the route, with what that means, and back in it when they answer', async () => {
    const panel = await connected()
    const second = [...fixture.world.bastions.values()].find(({ index }) => index === 2)
    second?.brokenSlots.add(9)
    const view = await panel.reaches('degraded')
    expect(shown(panel)).toEqual(['1 up', '2 up', '9 silent, out', '10 up'])
    expect(view.problem).toMatchObject({
      data: { field: 'tunnel 9', meaning: expect.stringContaining('other 3 of 4') },
    })
    expect(fixture.world.asked.filter((what) => what === 'apply')).toHaveLength(1)
    second?.brokenSlots.clear()
    await panel.reaches('connected')
    expect(await kindsOf(panel)).toEqual(expect.arrayContaining(['warning tunnel.silent', 'info tunnel.up']))
  })

  it('raise the alarm when none is left, and are told to carry nothing elsewhere', async () => {
    const panel = await connected({ bastions: 1, tunnels: 2 })
    for (const bastion of fixture.world.bastions.values()) bastion.brokenSlots.add(1).add(2)
    const view = await panel.reaches('degraded')
    await until(() => panel.view().tunnels.every(({ health }) => health === 'silent'))
    expect(panel.view().problem?.data.meaning).toBe('Nothing gets through at the moment, and nothing goes another way.')
    expect(view.phase).toBe('degraded')
    for (const bastion of fixture.world.bastions.values()) bastion.brokenSlots.clear()
    await panel.reaches('connected')
    expect(await kindsOf(panel)).toEqual(expect.arrayContaining(['error bundle.dead', 'info bundle.alive']))
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

  it('is looked at as soon as a tunnel falls silent, also where it is the only bastion’s', async () => {
    fixture.world.watchMs = 24 * 3_600_000
    await connected({ bastions: 1, tunnels: 2 })
    const [only] = [...fixture.world.bastions.values()]
    if (only === undefined) throw new Error('a bastion was wanted')
    only.state = 'failed'
    for (const slot of [1, 2]) only.brokenSlots.add(slot)
    const next = await until(() => [...fixture.world.bastions.values()].find((each) => each !== only))
    expect(next).toMatchObject({ id: only.id, state: 'running' })
  })

  /** What is asked of the provider about the keys of the second bastion ends so, as long as `count` says. */
  const failKeys = (error: MoleError, count: number): { left: number } => {
    const { publishedEnds } = fixture.world.provider
    const failing = { left: count }
    Object.assign(fixture.world.provider, {
      publishedEnds: async (...given: Parameters<typeof publishedEnds>) => {
        if (!given[1].id.endsWith('-b2') || failing.left === 0) return publishedEnds(...given)
        failing.left -= 1
        throw error
      },
    })
    return failing
  }
  const count = (what: string): number => fixture.world.asked.filter((each) => each === what).length

  it('ends a bastion that did not boot, and has another one', async () => {
    failKeys(bootFailure('b2', 'no route to the mirror', 'Try again.'), 1)
    const panel = await connected()
    expect(panel.view()).toMatchObject({ phase: 'degraded', problem: { data: { field: 'bastion 2' } } })
    expect(fixture.world.bastions.size).toBe(1)
    await panel.reaches('connected')
    expect([count('launch'), count('terminate')]).toEqual([4, 1])
    expect(activeSlots()).toEqual([1, 2, 9, 10])
  })

  it('keeps a bastion whose keys could not be asked for, and asks again', async () => {
    failKeys(new MoleError('disconnected', 'AWS cannot be reached.'), 1)
    const panel = await connected()
    expect(panel.view()).toMatchObject({ phase: 'degraded', problem: { data: { field: 'bastion 2' } } })
    await panel.reaches('connected')
    expect([count('launch'), count('terminate')]).toEqual([2, 0])
    expect(activeSlots()).toEqual([1, 2, 9, 10])
  })

  it('is looked at no more often while a bastion cannot be replaced, and tells of it once', async () => {
    const panel = await connected()
    const second = [...fixture.world.bastions.keys()].find((id) => id.endsWith('-b2')) ?? ''
    const { observe } = fixture.world.provider
    let looks = 0
    let launches = 0
    Object.assign(fixture.world.provider, {
      observe: (...given: Parameters<typeof observe>) => {
        looks += 1
        return observe(...given)
      },
      launch: async () => {
        launches += 1
        throw new MoleError('capacity', 'No such instance can be had now.')
      },
    })
    // Looks are far apart, doubt is short.
    fixture.world.watchMs = 20_000
    fixture.world.bastions.delete(second)
    await until(() => launches > 1 && panel.view().act?.state !== 'running')
    const before = looks
    await until(pauseOf(1000))
    // 50 s on the hurried clock: two or three looks, one in doubt, and those of another try; not one every 5 s beside.
    expect(looks - before).toBeLessThan(10)
    const told: string[] = []
    for await (const event of panel.client.stream('activity.watch', {})) {
      if (event.kind === 'recent') told.push(...event.events.map(({ kind }) => kind))
      break
    }
    expect(told).toContain('bastion.gone')
    expect(told.filter((kind) => kind === 'bastion.gone').length).toBeLessThan(4)
  })

  it('gets nothing that was called off', async () => {
    const panel = await connected({ bastions: 1, tunnels: 2 })
    fixture.world.gate = async (what, when) => {
      if (what === 'launch' && when === 'before') await hang()
    }
    await panel.client.call('deployment.scale', { bastions: 2 })
    await until(() => fixture.world.asked.filter((what) => what === 'launch').length > 1)
    await panel.client.call('deployment.cancel', {})
    expect((await panel.settled()).act?.state).toBe('cancelled')
    fixture.world.gate = async () => undefined
    const asked = fixture.world.asked.length
    await until(pauseOf(300))
    expect(fixture.world.asked.slice(asked)).not.toContain('launch')
    await panel.client.call('deployment.deploy', { plan: { ...plan, tunnels: 2 } })
    expect((await panel.settled()).phase).toBe('connected')
  })

  it('is not asked again for what only a person can change, and a teardown does not wait for a replacement', async () => {
    const panel = await connected()
    const second = [...fixture.world.bastions.keys()].find((id) => id.endsWith('-b2')) ?? ''
    let launches = 0
    const { launch } = fixture.world.provider
    Object.assign(fixture.world.provider, {
      launch: async (...[request, ...rest]: Parameters<typeof launch>) => {
        if (request.bastionId !== second) return launch(request, ...rest)
        launches += 1
        throw new MoleError('quota-exceeded', 'The account may run no more.')
      },
    })
    fixture.world.bastions.delete(second)
    await until(() => launches > 0 && panel.view().act?.state !== 'running')
    const asked = launches
    await new Promise((resolve) => setTimeout(resolve, 2500))
    expect(launches).toBe(asked)
    expect(panel.view()).toMatchObject({ phase: 'degraded', problem: { code: 'quota-exceeded' } })

    // Asked for by a person it is begun again; the watch's own replacement gives way.
    Object.assign(fixture.world.provider, { launch })
    await panel.client.call('deployment.deploy', { plan })
    expect((await panel.settled()).phase).toBe('connected')
    fixture.world.gate = async (what, when) => {
      if (what === 'launch' && when === 'before') await new Promise((resolve) => setTimeout(resolve, 200))
    }
    fixture.world.bastions.delete(second)
    await until(() => panel.view().act?.verb === 'recover' && panel.view().act?.state === 'running')
    await panel.client.call('deployment.teardown', {})
    expect((await panel.reaches('none')).act?.verb).toBe('teardown')
    expect(fixture.world.bastions.size).toBe(0)
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
