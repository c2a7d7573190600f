import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DeploymentView } from '../contract/app.ts'
import { MoleError } from '../contract/errors.ts'
import { AwsPlan } from '../domain/aws-plan.ts'
import { NOTHING } from '../domain/host-state.ts'
import { hang, until } from './testing/fake-world.ts'
import { type Fixture, openFixture } from './testing/fixture.ts'

let fixture: Fixture
beforeEach(async () => {
  fixture = await openFixture()
})
afterEach(() => fixture.cleanUp())

const stepsOf = (view: DeploymentView): string[] => view.act?.steps.map(({ id, state }) => `${id} ${state}`) ?? []

const expectNothingLeft = (): void => {
  const { world } = fixture
  expect({
    exists: world.exists,
    helper: world.helperAlive,
    state: world.state,
    bastions: world.bastions.size,
  }).toEqual({
    exists: false,
    helper: false,
    state: NOTHING,
    bastions: 0,
  })
}

describe('deploy', () => {
  it('goes from nothing to connected, step by step', async () => {
    const panel = await fixture.start()
    expect(panel.view()).toMatchObject({ phase: 'none', id: null, act: null })
    const { id } = await panel.client.call('deployment.deploy', { plan: { tunnels: 4 } })
    expect(id).toMatch(/^lab-[0-9a-f]{6}$/)
    const view = await panel.settled()
    expect(view).toMatchObject({ phase: 'connected', id, act: { verb: 'deploy', state: 'done' }, problem: null })
    expect(stepsOf(view)).toEqual([
      'prepare-host done',
      'make-keys done',
      'prepare-cloud done',
      'launch-bastion done',
      'await-keys done',
      'apply-host done',
      'verify done',
    ])
    expect(view.tunnels.map(({ slot, health, endpoint }) => [slot, health, endpoint])).toEqual([
      [1, 'up', '203.0.113.10:51821'],
      [2, 'up', '203.0.113.10:51822'],
      [3, 'up', '203.0.113.10:51823'],
      [4, 'up', '203.0.113.10:51824'],
    ])
    expect(view.connectedAtMs).toBeGreaterThanOrEqual(view.createdAtMs ?? Number.POSITIVE_INFINITY)
    expect(view.act?.steps.at(-1)?.log.join('\n')).toMatch(/echo through tunnel 4 .*\n?.*/)
    expect(view.act?.steps.at(-1)?.log.join('\n')).toMatch(/first payload byte after \d+ ms/)
    expect(fixture.world.state.tunnels).toHaveLength(4)
    expect(panel.views.some(({ phase }) => phase === 'deploying')).toBe(true)
  })

  it('refuses bad plans naming the field, and makes nothing', async () => {
    const { client } = await fixture.start()
    const refused = async (plan: object): Promise<unknown> =>
      client.call('deployment.deploy', { plan: plan as never }).then(
        () => 'accepted',
        ({ code, data }: MoleError) => [code, data.field],
      )
    expect(await refused({ tunnels: 0 })).toEqual(['bad-input', 'plan.tunnels'])
    expect(await refused({ tunnels: 99 })).toEqual(['bad-input', 'plan.tunnels'])
    expect(await refused({ target: 'moon' })).toEqual(['bad-input', 'plan.target'])
    expect(await refused({ privateCidr: '10.100.3.0/24' })).toEqual(['bad-input', 'plan.privateCidr'])
    expect(await refused({ privateCidr: '198.51.100.0/24' })).toEqual(['bad-input', 'privateCidr'])
    expect(await refused({ target: 'aws' })).toEqual(['bad-input', 'plan.aws'])
    expect(await refused({ target: 'aws', aws: AwsPlan.parse({ instanceTypes: ['t4g.nano'] }) })).toEqual([
      'not-available',
      'target',
    ])
    expect(fixture.world.asked).toEqual([])
  })

  it("refuses with the provider's reason before anything is made", async () => {
    const { client } = await fixture.start()
    fixture.world.problem = {
      code: 'namespaces-restricted',
      message: 'no namespaces here',
      data: { nextStep: 'allow them' },
    }
    await expect(client.call('deployment.deploy', { plan: {} })).rejects.toMatchObject({
      code: 'namespaces-restricted',
      data: { nextStep: 'allow them' },
    })
    expect(fixture.world.asked).toEqual([])
    const { targets } = await client.call('targets.list', {})
    expect(targets.map(({ id, available }) => [id, available])).toEqual([['lab', false]])
  })

  it('lets one act run at a time', async () => {
    const panel = await fixture.start()
    const answers = await Promise.allSettled(
      [1, 2, 3].map((tunnels) => panel.client.call('deployment.deploy', { plan: { tunnels } })),
    )
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const answer of answers)
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'conflict' })
    await panel.settled()
  })

  it('is degraded where only some tunnels answer, and names the silent ones', async () => {
    const panel = await fixture.start()
    const { world } = fixture
    world.gate = async (what, when) => {
      if (what === 'launch' && when === 'after')
        for (const bastion of world.bastions.values()) bastion.brokenSlots.add(2)
    }
    await panel.client.call('deployment.deploy', { plan: { tunnels: 3 } })
    const view = await panel.settled()
    expect(view).toMatchObject({ phase: 'degraded', act: { state: 'done' }, problem: { data: { field: 'tunnel 2' } } })
    expect(view.tunnels.map(({ health }) => health)).toEqual(['up', 'silent', 'up'])
  })

  it('removes leftovers of an engine whose record is lost first', async () => {
    Object.assign(fixture.world, { exists: true, helperAlive: true })
    const panel = await fixture.start()
    expect(panel.view()).toMatchObject({ phase: 'failed', problem: { code: 'drift' } })
    await panel.client.call('deployment.deploy', { plan: { tunnels: 1 } })
    const view = await panel.settled()
    expect(view.phase).toBe('connected')
    expect(stepsOf(view).slice(0, 3)).toEqual(['remove-host done', 'prove-clean done', 'prepare-host done'])
  })
})

describe('a living deployment', () => {
  it('is repaired by asking for the same again', async () => {
    const panel = await fixture.start()
    const { id } = await panel.client.call('deployment.deploy', { plan: { tunnels: 2 } })
    await panel.settled()
    fixture.world.state = NOTHING
    expect(await panel.client.call('deployment.deploy', { plan: { tunnels: 2 } })).toEqual({ id })
    const view = await panel.settled()
    expect(view).toMatchObject({ phase: 'connected', act: { verb: 'recover', state: 'done' } })
    expect(stepsOf(view)).toEqual(['apply-host done', 'verify done'])
    expect(fixture.world.state.tunnels).toHaveLength(2)
  })

  it('scales up and down without touching the bastion', async () => {
    const panel = await fixture.start()
    await panel.client.call('deployment.deploy', { plan: { tunnels: 1 } })
    await panel.settled()
    for (const tunnels of [8, 3]) {
      await panel.client.call('deployment.scale', { tunnels })
      const view = await until(
        () => panel.view().tunnels.length === tunnels && panel.view().act?.state === 'done' && panel.view(),
      )
      expect(view).toMatchObject({ phase: 'connected', act: { verb: 'scale' }, plan: { tunnels } })
      expect(fixture.world.state.tunnels).toHaveLength(tunnels)
    }
    await panel.client.call('deployment.deploy', { plan: { tunnels: 5 } })
    await until(() => panel.view().tunnels.length === 5 && panel.view().act?.state === 'done')
    expect(fixture.world.asked.filter((what) => what === 'launch')).toHaveLength(1)
  })

  it('scales although the private side is too busy to answer; a new deployment must reach it', async () => {
    const { world } = fixture
    const panel = await fixture.start()
    const busy = new MoleError('timeout', 'no answer')
    await panel.client.call('deployment.deploy', { plan: { tunnels: 1 } })
    await panel.settled()
    world.gate = async (asked) => {
      if (asked === 'fetch') throw busy
    }
    await panel.client.call('deployment.scale', { tunnels: 2 })
    const view = await until(
      () => panel.view().act?.verb === 'scale' && panel.view().act?.state !== 'running' && panel.view(),
    )
    expect(view).toMatchObject({ phase: 'connected', problem: null, act: { state: 'done' } })
    await panel.client.call('deployment.teardown', {})
    await panel.reaches('none')
    await panel.client.call('deployment.deploy', { plan: { tunnels: 1 } })
    expect(await panel.settled()).toMatchObject({ problem: { code: 'timeout' }, act: { state: 'failed' } })
  })

  it('cannot be changed otherwise while it is up', async () => {
    const panel = await fixture.start()
    await panel.client.call('deployment.deploy', { plan: { tunnels: 1 } })
    await panel.settled()
    await expect(
      panel.client.call('deployment.deploy', { plan: { tunnels: 1, mtuBytes: 1300 } }),
    ).rejects.toMatchObject({
      code: 'conflict',
      data: { field: 'mtuBytes', nextStep: expect.stringContaining('mole down') },
    })
  })

  it('is not there to be scaled, used or cancelled when nothing is up', async () => {
    const { client } = await fixture.start()
    await expect(client.call('deployment.scale', { tunnels: 2 })).rejects.toMatchObject({ code: 'not-found' })
    await expect(client.call('traffic.start', {})).rejects.toMatchObject({ code: 'not-found' })
    await expect(client.call('lab.path', { tunnel: 1, state: 'broken' })).rejects.toMatchObject({ code: 'not-found' })
    await expect(client.call('deployment.cancel', {})).rejects.toMatchObject({ code: 'conflict' })
    await expect(client.call('lab.world', {})).rejects.toMatchObject({ code: 'not-found' })
  })

  it('stops when the pinned key of its bastion changes', async () => {
    const panel = await fixture.start()
    await panel.client.call('deployment.deploy', { plan: { tunnels: 1 } })
    await panel.settled()
    const { world } = fixture
    for (const bastion of world.bastions.values())
      bastion.ends = bastion.ends.map((end, index) => ({
        ...end,
        publicKey: bastion.ends.at(-1 - index)?.publicKey ?? '',
      }))
    world.killHelper()
    await panel.client.call('deployment.deploy', { plan: { tunnels: 1 } })
    expect(
      await until(() => panel.view().act?.verb === 'recover' && panel.view().act?.state !== 'running' && panel.view()),
    ).toMatchObject({
      phase: 'failed',
      problem: { code: 'drift' },
      act: { state: 'failed' },
    })
  })
})

describe('teardown', () => {
  it('leaves nothing, proves it, and can be asked again', async () => {
    const panel = await fixture.start()
    await panel.client.call('deployment.deploy', { plan: { tunnels: 4 } })
    await panel.settled()
    await panel.client.call('deployment.teardown', {})
    const view = await panel.reaches('none')
    expect(stepsOf(view)).toEqual([
      'revert-host done',
      'terminate-bastion done',
      'remove-host done',
      'prove-clean done',
    ])
    expectNothingLeft()
    await panel.client.call('deployment.teardown', {})
    const again = await panel.reaches('none')
    expect(stepsOf(again)).toEqual(['remove-host done', 'prove-clean done'])
  })

  it('goes on where a step fails, and lets the proof decide', async () => {
    const panel = await fixture.start()
    await panel.client.call('deployment.deploy', { plan: {} })
    await panel.settled()
    fixture.world.gate = async (what, when) => {
      if (what === 'revert' && when === 'before') throw new MoleError('drift', 'cannot undo')
    }
    await panel.client.call('deployment.teardown', {})
    const view = await panel.reaches('none')
    expect(stepsOf(view)[0]).toBe('revert-host failed')
    expectNothingLeft()
  })

  it('says what is left when something is, and finishes when asked again', async () => {
    const panel = await fixture.start()
    await panel.client.call('deployment.deploy', { plan: {} })
    await panel.settled()
    fixture.world.gate = async (what, when) => {
      if (what === 'host.remove' && when === 'before') throw new MoleError('internal', 'cannot remove')
    }
    await panel.client.call('deployment.teardown', {})
    const view = await panel.reaches('failed')
    expect(view).toMatchObject({ problem: { code: 'drift', message: expect.stringContaining('namespace lab') } })
    fixture.world.gate = async () => undefined
    await panel.client.call('deployment.teardown', {})
    await panel.reaches('none')
    expectNothingLeft()
  })
})

describe('a deploy that does not come to its end', () => {
  it.each(['host.ensure', 'keys.ensure', 'launch', 'publishedEnds', 'apply'])(
    'is taken back when %s fails',
    async (what) => {
      const panel = await fixture.start()
      fixture.world.gate = async (asked, when) => {
        if (asked === what && when === 'after') throw new MoleError('capacity', `${what} failed`)
      }
      await panel.client.call('deployment.deploy', { plan: { tunnels: 2 } })
      const view = await panel.settled()
      expect(view).toMatchObject({
        phase: 'failed',
        id: null,
        plan: { tunnels: 2 },
        act: { verb: 'deploy', state: 'failed' },
      })
      expect(view.problem).toMatchObject({ code: 'capacity', data: { meaning: expect.stringContaining('removed') } })
      expect(stepsOf(view).at(-1)).toBe('prove-clean done')
      expectNothingLeft()
      expect(panel.engine.isIdle()).toBe(true)
    },
  )

  it('is taken back when nothing answers', async () => {
    const panel = await fixture.start()
    const { world } = fixture
    world.gate = async (what, when) => {
      if (what === 'launch' && when === 'after')
        for (const bastion of world.bastions.values()) for (const slot of [1, 2]) bastion.brokenSlots.add(slot)
    }
    await panel.client.call('deployment.deploy', { plan: { tunnels: 2 } })
    expect(await panel.settled()).toMatchObject({
      phase: 'failed',
      problem: { code: 'timeout', data: { field: 'tunnels' } },
    })
    expectNothingLeft()
  })

  it('never tells the detail of what was not foreseen', async () => {
    const panel = await fixture.start()
    fixture.world.gate = async (what) => {
      if (what === 'launch') throw new TypeError('secret detail')
    }
    await panel.client.call('deployment.deploy', { plan: {} })
    const view = await panel.settled()
    expect(view.problem?.code).toBe('internal')
    expect(JSON.stringify(panel.views)).not.toContain('secret detail')
  })

  it.each(['host.ensure', 'keys.ensure', 'launch', 'publishedEnds', 'apply', 'fetch'])(
    'is taken back when cancelled during %s',
    async (what) => {
      const panel = await fixture.start()
      fixture.world.gate = async (asked, when) => {
        if (asked === what && when === 'after') await hang()
      }
      await panel.client.call('deployment.deploy', { plan: { tunnels: 2 } })
      await until(() => fixture.world.asked.includes(what))
      fixture.world.gate = async () => undefined
      await panel.client.call('deployment.cancel', {})
      const view = await panel.settled()
      expect(view).toMatchObject({ phase: 'none', act: { verb: 'deploy', state: 'cancelled' }, problem: null })
      expectNothingLeft()
    },
  )
})
