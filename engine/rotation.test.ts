import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { slotOfInterface, slotOfLane } from '../domain/ours.ts'
import { hang, until } from './testing/fake-world.ts'
import { type Fixture, openFixture, type Panel } from './testing/fixture.ts'

let fixture: Fixture
beforeEach(async () => {
  // A rotation waits longer than other acts: hurried too much, a helper on a busy machine is taken for dead meanwhile.
  fixture = await openFixture(20)
})
afterEach(() => fixture.cleanUp())

const PLAN = { tunnels: 2 }

const connected = async (plan: object = PLAN): Promise<Panel> => {
  const panel = await fixture.start()
  await panel.client.call('deployment.deploy', { plan })
  await panel.settled()
  return panel
}

const rotated = async (panel: Panel, tunnels: number[] | null = null) => {
  await panel.client.call('deployment.rotate', { tunnels })
  return until(() => panel.view().act?.verb === 'rotate' && panel.view().act?.state !== 'running' && panel.view())
}

const interfaces = (): string[] => fixture.world.state.tunnels.map(({ name }) => name)
const bastion = () => [...fixture.world.bastions.values()][0]
const events = async (panel: Panel): Promise<string[]> => {
  for await (const feed of panel.client.stream('activity.watch', {}))
    if (feed.kind === 'recent') return feed.events.map(({ kind }) => kind)
  return []
}

describe('rotation', () => {
  it('gives every tunnel new keys at both ends, and is shown while the deployment stays connected', async () => {
    const panel = await connected()
    const before = panel.view().tunnels
    const keys = new Map(fixture.world.keys)
    const view = await rotated(panel)
    expect(view).toMatchObject({
      phase: 'connected',
      act: { state: 'done', steps: [{ id: 'rotate-keys' }] },
      problem: null,
    })
    expect(panel.views.filter(({ act, phase }) => act?.verb === 'rotate' && phase !== 'connected')).toEqual([])
    expect(interfaces()).toEqual(['mole101', 'mole102'])
    expect(fixture.world.state.active).toEqual(['mole101', 'mole102'])
    expect(view.tunnels.map(({ slot, interfaceName, endpoint }) => [slot, interfaceName, endpoint])).toEqual([
      [1, 'mole101', '203.0.113.10:51829'],
      [2, 'mole102', '203.0.113.10:51830'],
    ])
    for (const [at, tunnel] of view.tunnels.entries()) {
      expect(tunnel.publicKey).not.toBe(before[at]?.publicKey)
      expect(tunnel.keysSinceMs).toBeGreaterThanOrEqual(before[at]?.keysSinceMs ?? Number.POSITIVE_INFINITY)
    }
    expect([...(bastion()?.lanes.keys() ?? [])].sort((a, b) => a - b)).toEqual([3, 4, 5, 6, 7, 8, 101, 102])
    // The old private keys are gone.
    for (const [name, key] of fixture.world.keys) if (/-t[12]/.test(name)) expect([...keys.values()]).not.toContain(key)
    expect([...fixture.world.keys.keys()].filter((name) => /-t[12](-b)?$/.test(name))).toHaveLength(2)
  })

  it('goes from one lane to the other and back, and what is up stays adoptable', async () => {
    const panel = await connected()
    await rotated(panel, [2])
    expect(interfaces()).toEqual(['mole1', 'mole102'])
    await rotated(panel, [2])
    await until(() => interfaces().join() === 'mole1,mole2')
    await rotated(panel, [1])
    await until(() => interfaces().join() === 'mole101,mole2')
    // Everything is gone over again: keys, launch, published keys.
    fixture.world.killHelper()
    await panel.client.call('deployment.deploy', { plan: PLAN })
    const view = await until(
      () => panel.view().act?.verb === 'recover' && panel.view().act?.state !== 'running' && panel.view(),
    )
    expect(view).toMatchObject({ phase: 'connected', act: { state: 'done' } })
    expect(interfaces()).toEqual(['mole101', 'mole2'])
    expect(fixture.world.asked.filter((what) => what === 'terminate')).toEqual([])
  })

  it('keeps the keys of a tunnel whose new ones carry nothing, says so, and goes on with the others', async () => {
    const panel = await connected()
    fixture.world.deafLanes.add(101)
    const view = await rotated(panel)
    expect(view).toMatchObject({
      phase: 'connected',
      act: { state: 'failed', steps: [{ problem: { code: 'timeout', data: { field: 'tunnel 1' } } }] },
    })
    expect(interfaces()).toEqual(['mole1', 'mole102'])
    expect(bastion()?.lanes.has(101)).toBe(false)
    fixture.world.deafLanes.clear()
    expect(await rotated(panel, [1])).toMatchObject({ act: { state: 'done' } })
    expect(interfaces()).toEqual(['mole101', 'mole102'])
  })

  it('is not for a bastion without an agent, which is told', async () => {
    const panel = await connected()
    Object.assign(bastion() ?? {}, { hasAgent: false })
    const view = await rotated(panel)
    expect(view).toMatchObject({
      phase: 'connected',
      act: { state: 'failed', steps: [{ problem: { code: 'not-available', data: { field: 'agent' } } }] },
    })
    expect(interfaces()).toEqual(['mole1', 'mole2'])
    expect([...fixture.world.keys.keys()].filter((name) => name.endsWith('-b'))).toEqual([])
    await rotated(panel)
    expect((await events(panel)).filter((kind) => kind === 'bastion.agentless')).toHaveLength(1)
  })

  it('is refused for a tunnel that is not there, and with nothing up', async () => {
    const panel = await fixture.start()
    await expect(panel.client.call('deployment.rotate', {})).rejects.toMatchObject({ code: 'not-found' })
    await panel.client.call('deployment.deploy', { plan: PLAN })
    await panel.settled()
    await expect(panel.client.call('deployment.rotate', { tunnels: [1, 3] })).rejects.toMatchObject({
      code: 'bad-input',
      data: { field: 'tunnel' },
    })
  })

  it('never has a tunnel without one lane that carries', async () => {
    const panel = await connected()
    const without: string[] = []
    fixture.world.gate = async (what, when) => {
      if (what !== 'apply' || when !== 'after') return
      const carried = fixture.world.state.active
        .map((name) => slotOfLane(slotOfInterface(name) ?? 0))
        .toSorted((a, b) => a - b)
      if (carried.join() !== '1,2') without.push(carried.join())
    }
    await rotated(panel)
    expect(without).toEqual([])
  })

  it('of several bastions is done side by side', async () => {
    const panel = await connected({ tunnels: 4, bastions: 2 })
    expect(await rotated(panel)).toMatchObject({ act: { state: 'done' } })
    expect(fixture.world.state.active).toEqual(['mole101', 'mole102', 'mole109', 'mole110'])
  })
})

describe('a bastion launched anew', () => {
  it('begins with the keys it boots with, and those of the one before are gone', async () => {
    const panel = await connected()
    await rotated(panel)
    fixture.world.bastions.clear()
    await panel.client.call('deployment.deploy', { plan: PLAN })
    const view = await until(
      () => panel.view().act?.verb === 'recover' && panel.view().act?.state !== 'running' && panel.view(),
    )
    expect(view).toMatchObject({ phase: 'connected', act: { state: 'done' } })
    expect(interfaces()).toEqual(['mole1', 'mole2'])
    expect([...fixture.world.keys.keys()].filter((name) => name.endsWith('-b'))).toEqual([])
    expect(await rotated(panel)).toMatchObject({ act: { state: 'done' } })
  })
})

/** What is asked of the world when the keys of one tunnel are replaced, in order. */
const STAGES = [
  'keys.forget 1',
  'keys.ensure 2',
  'agent.make-lane 1',
  'apply 1',
  'apply 2',
  'agent.drop-lane 1',
  'apply 3',
  'agent.drop-lane 2',
  'keys.forget 2',
]
const MOMENTS = STAGES.flatMap((stage) =>
  (['before', 'after'] as const)
    .filter((when) => when === 'after' || stage.startsWith('apply'))
    .map((when) => [stage, when] as const),
)

/** Lets a rotation of tunnel 2 run until the nth time something is asked, and drops the engine there. */
const killedAt = async (stage: string, when: string): Promise<void> => {
  const { world } = fixture
  const panel = await connected()
  const [what, nth] = stage.split(' ')
  const reached = Promise.withResolvers<void>()
  let count = 0
  world.gate = async (asked, moment) => {
    if (asked !== what) return
    if (moment === 'before') count += 1
    if (count !== Number(nth) || moment !== when) return
    reached.resolve()
    await hang()
  }
  await panel.client.call('deployment.rotate', { tunnels: [2] })
  await reached.promise
  // As if killed: it records nothing more, and follows the helper no longer.
  void panel.engine.close()
  world.gate = async () => undefined
}

describe.each(MOMENTS)('an engine killed in a rotation at %s (%s)', (stage, when) => {
  it('is followed by one that finds it connected and brings it to its end unasked', async () => {
    await killedAt(stage, when)
    const panel = await fixture.start()
    expect(panel.views[0]).toMatchObject({ phase: 'connected', problem: null })
    const { world } = fixture
    const isSettled = (): boolean => {
      const numbers = [...(bastion()?.lanes.keys() ?? [])].filter((number) => number % 100 === 2)
      const names = [...world.keys.keys()].filter((name) => /-t2(-b)?$/.test(name))
      const mine = interfaces().filter((name) => name !== 'mole1')
      return numbers.length === 1 && names.length === 1 && mine.join() === `mole${numbers[0]}`
    }
    await until(() => isSettled() && panel.engine.view().act?.state !== 'running')
    expect(panel.view()).toMatchObject({ phase: 'connected', problem: null })
  })
})

/** One moment of each stage that can be left behind. */
const LEFT: typeof MOMENTS = [
  ['agent.make-lane 1', 'after'],
  ['apply 1', 'after'],
  ['apply 2', 'after'],
  ['agent.drop-lane 1', 'before'],
]

describe.each(LEFT)('an engine killed in a rotation at %s (%s)', (stage, when) => {
  it('can be torn down at once, and nothing is left', async () => {
    await killedAt(stage, when)
    const panel = await fixture.start()
    await panel.client.call('deployment.teardown', {})
    expect(await panel.reaches('none')).toMatchObject({ act: { state: 'done' } })
    expect([fixture.world.exists, fixture.world.bastions.size, fixture.world.keys.size]).toEqual([false, 0, 0])
  })
})
