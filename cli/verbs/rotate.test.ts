import { describe, expect, it } from 'vitest'
import type { DeploymentView } from '../../contract/app.ts'
import { act, connected, type FakeEngine, fakeEngine, refusing, step } from '../testing/fake-engine.ts'
import { fakeWorld, mole } from '../testing/fake-world.ts'

const PROBLEM = {
  code: 'timeout' as const,
  message: 'No echo came back through tunnel 2 by its new keys.',
  data: { field: 'tunnel 2', nextStep: 'Look at the path.' },
}

/** An engine whose rotation ends with `view`. */
const ending = (view: DeploymentView): FakeEngine => {
  const engine: FakeEngine = fakeEngine(connected(4), {
    'deployment.rotate': async () => {
      engine.views.set(view)
      return { id: 'lab-1' }
    },
  })
  return engine
}

const DONE: DeploymentView = connected(4, 'rotate')

describe('mole rotate', () => {
  it('asks for all tunnels, or for those named', async () => {
    const engine = ending(DONE)
    const { code, out } = await mole('rotate', fakeWorld(engine))
    expect([code, out]).toEqual([0, expect.stringContaining('Connected: lab, 4 tunnels')])
    await mole('rotate 2 3', fakeWorld(engine))
    expect(engine.calls.filter(([name]) => name === 'deployment.rotate').map(([, input]) => input)).toEqual([
      { tunnels: null },
      { tunnels: [2, 3] },
    ])
  })

  it('is done though the deployment is not whole', async () => {
    const problem = { code: 'timeout' as const, message: 'No echo comes back through tunnel 3.', data: {} }
    const { code, out } = await mole('rotate 1 --json', fakeWorld(ending({ ...DONE, phase: 'degraded', problem })))
    expect([code, JSON.parse(out).ok]).toEqual([0, true])
  })

  it('says which keys were kept, and ends with 6', async () => {
    const steps = [step('rotate-keys', 'failed', { problem: PROBLEM })]
    const { code, err } = await mole('rotate', fakeWorld(ending({ ...DONE, act: act('rotate', 'failed', steps) })))
    expect(code).toBe(6)
    expect(err).toContain('No echo came back through tunnel 2 by its new keys.')
    expect(err).toContain('Next: Look at the path.')
  })

  it.each(['0', '65', 'x', '1.5'])('refuses %s as a tunnel', async (tunnel) => {
    const engine = ending(DONE)
    const { code, err } = await mole(['rotate', tunnel], fakeWorld(engine))
    expect([code, err]).toEqual([2, expect.stringContaining(`<tunnel> ${tunnel}: must be a whole number from 1 to 64`)])
    expect(engine.calls.map(([name]) => name)).not.toContain('deployment.rotate')
  })

  it('passes on what the engine refuses', async () => {
    const refusal = refusing('bad-input', 'There is no tunnel 9: 4 are up.', { field: 'tunnel' })
    const { code, err } = await mole('rotate 9', fakeWorld(fakeEngine(connected(4), { 'deployment.rotate': refusal })))
    expect([code, err]).toEqual([2, expect.stringContaining('There is no tunnel 9')])
  })
})

describe('mole status', () => {
  it('shows how old the keys are', async () => {
    const view = connected(2)
    const tunnels = view.tunnels.map((tunnel) => ({ ...tunnel, keysSinceMs: Date.now() - 7_325_000 }))
    expect((await mole('status', fakeWorld(fakeEngine({ ...view, tunnels })))).out).toMatch(/^2 .* 2 h 2 min old +203/m)
  })
})
