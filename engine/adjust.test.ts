import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MoleError } from '../contract/errors.ts'
import { Carriage } from '../domain/carriage.ts'
import { until } from './testing/fake-world.ts'
import { type Fixture, openFixture, type Panel } from './testing/fixture.ts'

let fixture: Fixture
beforeEach(async () => {
  fixture = await openFixture(5)
})
afterEach(() => fixture.cleanUp())

const PLAN = { tunnels: 2 }

const connected = async (): Promise<Panel> => {
  const panel = await fixture.start()
  await panel.client.call('deployment.deploy', { plan: PLAN })
  await panel.settled()
  return panel
}

/** The view in which the newest act, of this verb, has ended. */
const ended = (panel: Panel, verb: string) =>
  until(() => panel.view().act?.verb === verb && panel.view().act?.state !== 'running' && panel.view())

describe('deployment.adjust', () => {
  it('changes how what is up carries, and keeps it connected meanwhile', async () => {
    const panel = await connected()
    await panel.client.call('deployment.adjust', { carriage: { spread: 'hash', rotationSeconds: 0 } })
    const view = await ended(panel, 'adjust')
    expect(view).toMatchObject({
      phase: 'connected',
      problem: null,
      act: { state: 'done', steps: [{ id: 'apply-host' }] },
      plan: { carriage: { spread: 'hash', rotationSeconds: 0 } },
    })
    expect(fixture.world.state.spread).toBe('hash')
    expect(panel.views.filter(({ act, phase }) => act?.verb === 'adjust' && phase !== 'connected')).toEqual([])
    // It is on record.
    const next = await fixture.start()
    expect(next.view().plan?.carriage.spread).toBe('hash')
  })

  it('leaves what is not named as it is, and touches no tunnel', async () => {
    const panel = await connected()
    const before = panel.view().plan
    const { tunnels } = fixture.world.state
    await panel.client.call('deployment.adjust', { autoscale: { enabled: true } })
    const view = await ended(panel, 'adjust')
    expect(view.plan).toEqual({ ...before, autoscale: { ...before?.autoscale, enabled: true } })
    expect(view.act?.steps[0]?.log).toContain('the host is as planned already')
    expect(fixture.world.state.tunnels).toEqual(tunnels)
  })

  it('that fails says so, and "up" finishes it', async () => {
    const panel = await connected()
    fixture.world.gate = async (what, when) => {
      if (what === 'apply' && when === 'before') throw new MoleError('drift', 'somebody else is at it')
    }
    await panel.client.call('deployment.adjust', { carriage: { spread: 'hash' } })
    expect(await ended(panel, 'adjust')).toMatchObject({ phase: 'failed', problem: { code: 'drift' } })
    fixture.world.gate = async () => undefined
    await panel.client.call('deployment.deploy', { plan: { ...PLAN, carriage: { spread: 'hash' } } })
    expect(await ended(panel, 'recover')).toMatchObject({ phase: 'connected', problem: null })
    expect(fixture.world.state.spread).toBe('hash')
  })

  it('puts right what an earlier one that failed left behind', async () => {
    const panel = await connected()
    fixture.world.gate = async (what, when) => {
      if (what === 'apply' && when === 'before') throw new MoleError('drift', 'somebody else is at it')
    }
    await panel.client.call('deployment.adjust', { carriage: { spread: 'hash' } })
    expect(await ended(panel, 'adjust')).toMatchObject({ phase: 'failed' })
    fixture.world.gate = async () => undefined
    await panel.client.call('deployment.adjust', { autoscale: { enabled: false } })
    await until(() => panel.view().act?.state === 'done')
    expect(panel.view()).toMatchObject({ phase: 'connected', problem: null, act: { verb: 'adjust' } })
    expect(fixture.world.state.spread).toBe('hash')
  })

  it('is refused with nothing up', async () => {
    const { client } = await fixture.start()
    await expect(client.call('deployment.adjust', { carriage: Carriage.parse({}) })).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})

describe('asking for what is up with another carriage', () => {
  it('adjusts it', async () => {
    const panel = await connected()
    const { id } = panel.view()
    const plan = { ...PLAN, carriage: { spread: 'hash' as const } }
    expect(await panel.client.call('deployment.deploy', { plan })).toEqual({ id })
    expect(await ended(panel, 'adjust')).toMatchObject({ phase: 'connected', plan: { carriage: { spread: 'hash' } } })
    expect(fixture.world.state.spread).toBe('hash')
  })
})
