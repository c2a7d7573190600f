import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NOTHING } from '../domain/host-state.ts'
import { hang, until } from './testing/fake-world.ts'
import { type Fixture, openFixture, type Panel } from './testing/fixture.ts'

let fixture: Fixture
beforeEach(async () => {
  fixture = await openFixture()
})
afterEach(() => fixture.cleanUp())

/** What is asked of the world in a deploy and in a teardown, in order. */
const BUILD = ['host.ensure', 'keys.ensure', 'launch', 'publishedEnds', 'apply', 'fetch']
const REMOVE = ['revert', 'terminate', 'host.remove']
const moments = (asked: readonly string[]) =>
  asked.flatMap((what) => (['before', 'after'] as const).map((when) => [what, when] as const))

/** Lets the engine run until that moment, and kills it there. */
const killAt = async (what: string, when: string, act: (panel: Panel) => Promise<unknown>): Promise<void> => {
  const { world } = fixture
  const reached = Promise.withResolvers<void>()
  const panel = await fixture.start()
  world.gate = async (asked, now) => {
    if (asked !== what || now !== when) return
    reached.resolve()
    await hang()
  }
  await act(panel)
  await reached.promise
  world.gate = async () => undefined
}

const deploy = (panel: Panel) => panel.client.call('deployment.deploy', { plan: { tunnels: 2 } })
const teardown = (panel: Panel) => panel.client.call('deployment.teardown', {})

const deployed = async (): Promise<Panel> => {
  const panel = await fixture.start()
  await deploy(panel)
  await panel.settled()
  return panel
}

const expectUp = async (panel: Panel): Promise<void> => {
  expect(await panel.settled()).toMatchObject({ phase: 'connected', act: { state: 'done' }, problem: null })
  expect(fixture.world.state.tunnels).toHaveLength(2)
  expect(fixture.world.bastions.size).toBe(1)
}

const expectDown = async (panel: Panel): Promise<void> => {
  expect(await panel.settled()).toMatchObject({ phase: 'none', id: null, act: { verb: 'teardown', state: 'done' } })
  expect(fixture.world).toMatchObject({ exists: false, helperAlive: false, state: NOTHING })
  expect(fixture.world.bastions.size).toBe(0)
}

describe.each(moments(BUILD))('an engine killed in a deploy at %s (%s)', (what, when) => {
  it('shows what happened, and up ends connected', async () => {
    await killAt(what, when, deploy)
    const panel = await fixture.start()
    // Cut off in the last step, everything may be there already: then it is connected.
    const complete = what === 'fetch' || (what === 'apply' && when === 'after')
    expect(panel.views[0]).toMatchObject(
      complete
        ? { phase: 'connected', problem: null }
        : { phase: 'failed', problem: { code: 'interrupted', data: { nextStep: expect.stringContaining('mole up') } } },
    )
    expect(panel.views[0]?.act?.state).toBe('failed')
    expect(panel.views[0]?.act?.steps.filter(({ problem }) => problem?.code === 'interrupted')).toHaveLength(1)
    await deploy(panel)
    await expectUp(panel)
  })

  it('and down ends with nothing', async () => {
    await killAt(what, when, deploy)
    const panel = await fixture.start()
    await teardown(panel)
    await expectDown(panel)
  })
})

describe.each(moments(REMOVE))('an engine killed in a teardown at %s (%s)', (what, when) => {
  it('shows what happened, and down ends with nothing', async () => {
    await deployed()
    await killAt(what, when, teardown)
    const panel = await fixture.start()
    expect(panel.views[0]).toMatchObject({
      phase: 'failed',
      problem: { code: 'interrupted', data: { nextStep: expect.stringContaining('mole down') } },
    })
    await teardown(panel)
    await expectDown(panel)
  })

  it('and up ends connected', async () => {
    await deployed()
    await killAt(what, when, teardown)
    const panel = await fixture.start()
    await deploy(panel)
    await expectUp(panel)
  })
})

describe('a restarted engine', () => {
  it('finds a living deployment, and its first view is right', async () => {
    const before = (await deployed()).view()
    const panel = await fixture.start()
    expect(panel.views[0]).toMatchObject({
      phase: 'connected',
      id: before.id,
      problem: null,
      connectedAtMs: before.connectedAtMs,
    })
    expect(panel.views[0]?.tunnels.map(({ slot }) => slot)).toEqual([1, 2])
    await until(() => panel.view().tunnels.every(({ health }) => health === 'up'))
  })

  it('killed while it tried tuning, is followed by one that finds it connected', async () => {
    await deployed()
    const { world } = fixture
    world.state = { ...world.state, tuning: { ...world.state.tuning, congestion: 'bbr' } }
    const panel = await fixture.start()
    expect(panel.views[0]).toMatchObject({ phase: 'connected', problem: null })
    await until(() => panel.view().tunnels.every(({ health }) => health === 'up'))
  })

  it('closed in the middle of an act leaves the journal for the next', async () => {
    const panel = await fixture.start()
    fixture.world.gate = async (what) => {
      if (what === 'launch') await hang()
    }
    await deploy(panel)
    await until(() => fixture.world.asked.includes('launch'))
    await panel.engine.close()
    fixture.world.gate = async () => undefined
    const next = await fixture.start()
    expect(next.views[0]).toMatchObject({
      phase: 'failed',
      problem: { code: 'interrupted', message: expect.stringContaining('Launch the bastion') },
    })
    await deploy(next)
    await expectUp(next)
  })

  it('says so when the machine was restarted and nothing is there', async () => {
    const { world } = fixture
    await deployed()
    world.killHelper()
    Object.assign(world, { exists: false, state: NOTHING })
    world.bastions.clear()
    world.keys.clear()
    const panel = await fixture.start()
    expect(panel.views[0]).toMatchObject({ phase: 'failed', problem: { code: 'not-found' } })
    await deploy(panel)
    await expectUp(panel)
  })

  it('starts all the same when the record cannot be read, and down removes what is left', async () => {
    await deployed()
    const raw = new DatabaseSync(fixture.paths.database)
    raw.exec(`UPDATE deployments SET plan = '{"target":"moon"}'`)
    raw.close()
    const panel = await fixture.start()
    expect(panel.view()).toMatchObject({ phase: 'failed', problem: { code: 'drift' } })
    await teardown(panel)
    await expectDown(panel)
  })

  it('says so when somebody took the tunnels away, and up repairs', async () => {
    await deployed()
    fixture.world.state = NOTHING
    const panel = await fixture.start()
    expect(panel.views[0]).toMatchObject({ phase: 'failed', problem: { code: 'drift' } })
    await deploy(panel)
    await expectUp(panel)
  })
})

describe('a helper that dies', () => {
  it('is started again by itself, and the deployment is connected as before', async () => {
    const panel = await deployed()
    fixture.world.killHelper()
    await panel.reaches('detached')
    expect(panel.views.find(({ phase }) => phase === 'detached')?.problem?.code).toBe('helper-unreachable')
    await panel.reaches('connected')
    const { events } = await recent(panel)
    expect(events).toEqual(expect.arrayContaining(['helper.lost', 'helper.found']))
  })

  it('that cannot be started again leaves the deployment detached; up repairs', async () => {
    const panel = await deployed()
    fixture.world.gate = async (what) => {
      if (what === 'host.ensure') throw new Error('no')
    }
    fixture.world.killHelper()
    await panel.reaches('detached')
    fixture.world.gate = async () => undefined
    await deploy(panel)
    await expectUp(panel)
  })

  it('together with its world leaves no tunnel in the route', async () => {
    const { world } = fixture
    const panel = await deployed()
    Object.assign(world, { exists: false, state: NOTHING })
    world.killHelper()
    const { tunnels, problem } = await panel.reaches('failed')
    expect(problem).toMatchObject({ code: 'not-found' })
    expect(tunnels.map(({ health, carries }) => [health, carries])).toEqual(Array(2).fill(['unknown', false]))
  })

  it('in the middle of a deploy fails it, and nothing is left', async () => {
    const panel = await fixture.start()
    const { world } = fixture
    world.gate = async (what) => {
      if (what !== 'apply') return
      world.gate = async () => undefined
      world.killHelper()
    }
    await deploy(panel)
    expect(await panel.settled()).toMatchObject({ phase: 'failed', act: { state: 'failed' } })
    expect(world).toMatchObject({ exists: false, helperAlive: false })
  })
})

describe('a path that breaks', () => {
  it('makes the bundle degraded within seconds, and connected again when it heals', async () => {
    const panel = await deployed()
    await panel.client.call('lab.path', { tunnel: 2, state: 'broken' })
    expect(await panel.reaches('degraded')).toMatchObject({ problem: { data: { field: 'tunnel 2' } } })
    expect(panel.view().tunnels.map(({ health, pathBroken }) => [health, pathBroken])).toEqual([
      ['up', false],
      ['silent', true],
    ])
    await panel.client.call('lab.path', { tunnel: 2, state: 'healthy' })
    await panel.reaches('connected')
    const { events } = await recent(panel)
    expect(events).toEqual(expect.arrayContaining(['path.broken', 'tunnel.silent', 'path.healthy', 'tunnel.up']))
    await expect(panel.client.call('lab.path', { tunnel: 3, state: 'broken' })).rejects.toMatchObject({
      code: 'bad-input',
      data: { field: 'tunnel' },
    })
  })

  it('loses and delays packets on request, and says so', async () => {
    const panel = await deployed()
    const condition = { lossRatio: 0.3, delayMs: 15 }
    await panel.client.call('lab.condition', { tunnel: 2, condition })
    expect((await recent(panel)).texts.join('\n')).toContain(
      'tunnel 2 loses 30 % of its packets and takes 15 ms longer',
    )
    await expect(panel.client.call('lab.condition', { tunnel: 3, condition })).rejects.toMatchObject({
      code: 'bad-input',
    })
  })
})

describe('traffic', () => {
  it('runs once at a time and ends with the report', async () => {
    const panel = await deployed()
    await panel.client.call('traffic.start', { streams: 4 })
    await expect(panel.client.call('traffic.start', {})).rejects.toMatchObject({ code: 'conflict' })
    const states = []
    for await (const state of panel.client.stream('traffic.watch', {})) {
      states.push(state)
      if (!state.running) break
    }
    expect(states[0]).toMatchObject({ running: true, streams: 4, direction: 'upload' })
    expect(states.at(-1)).toMatchObject({ report: { bitsPerSecond: 4e6, tool: 'fake' }, problem: null })
  })
})

describe('telemetry', () => {
  it('comes as history and then as samples', async () => {
    const panel = await deployed()
    const kinds: string[] = []
    for await (const event of panel.client.stream('telemetry.watch', {})) {
      kinds.push(event.kind)
      if (event.kind === 'sample' && event.sample.tunnels.some(({ upBitsPerSecond }) => upBitsPerSecond > 0)) break
    }
    expect(kinds[0]).toBe('history')
    expect(kinds.length).toBeGreaterThan(1)
  })
})

const recent = async (panel: Panel): Promise<{ events: string[]; texts: string[] }> => {
  for await (const feed of panel.client.stream('activity.watch', {}))
    if (feed.kind === 'recent')
      return { events: feed.events.map(({ kind }) => kind), texts: feed.events.map(({ text }) => text) }
  return { events: [], texts: [] }
}

describe('a store that cannot be written', () => {
  it('ends the act as failed instead of leaving it running for ever', async () => {
    const panel = await fixture.start()
    const database = new DatabaseSync(fixture.paths.database)
    fixture.world.gate = async (what, when) => {
      if (what === 'launch' && when === 'before') database.exec('DROP TABLE steps')
    }
    await deploy(panel)
    const view = await panel.settled()
    database.close()
    expect(view).toMatchObject({ phase: 'failed', act: { state: 'failed' }, problem: { code: 'not-available' } })
  })
})
