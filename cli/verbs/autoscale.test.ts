import { describe, expect, it } from 'vitest'
import type { AutoscaleView, DeploymentView } from '../../contract/app.ts'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { act, connected, fakeEngine, NOTHING } from '../testing/fake-engine.ts'
import { fakeWorld, mole } from '../testing/fake-world.ts'

const up = (enabled: boolean): DeploymentView => ({
  ...connected(4),
  plan: DeploymentPlan.parse({ tunnels: 4, autoscale: { enabled } }),
})

const view = (enabled: boolean): AutoscaleView => ({
  settings: up(enabled).plan?.autoscale ?? DeploymentPlan.parse({}).autoscale,
  goodputBitsPerSecond: 152e6,
  capacityPerTunnelBitsPerSecond: 95e6,
  capacityOrigin: 'measured: the most one tunnel carried while it was full',
  utilisation: 0.4,
  decisions: [
    {
      atMs: Date.now() - 30_000,
      action: 'hold',
      from: 4,
      to: 4,
      reason: 'Utilisation is 40 %, between 30 % and 80 %.',
      outcome: null,
    },
    {
      atMs: Date.now() - 240_000,
      action: 'up',
      from: 2,
      to: 4,
      reason: 'Utilisation is 100 %, above 80 %.\u001b[2J',
      outcome: 'Goodput rose: 95 Mbit/s before, 152 Mbit/s after.',
    },
  ],
  nextLookAtMs: Date.now() + 1,
  upAllowedAtMs: null,
  downAllowedAtMs: null,
})

const engineWith = (enabled: boolean) => {
  const engine = fakeEngine(up(enabled), {
    'autoscale.watch': async function* () {
      yield view(enabled)
    },
    'deployment.adjust': async ({ autoscale }) => {
      engine.views.set({ ...up(autoscale?.enabled ?? enabled), act: act('adjust', 'done') })
      return { id: 'lab-1' }
    },
  })
  return engine
}

describe('mole autoscale', () => {
  it.each([
    ['on', false, true, 'The deployment scales by itself from now on, from 1 to 8 tunnels.\n'],
    ['off', true, false, 'The deployment stays at 4 tunnels until you change it.\n'],
  ])('%s switches it, and leaves the thresholds as they are', async (verb, before, after, out) => {
    const engine = engineWith(before)
    const printed = await mole(`autoscale ${verb}`, fakeWorld(engine))
    expect([printed.code, printed.out]).toEqual([0, out])
    expect(engine.calls.find(([method]) => method === 'deployment.adjust')?.[1]).toMatchObject({
      carriage: null,
      autoscale: { ...up(before).plan?.autoscale, enabled: after },
    })
  })

  it('status shows thresholds, load, and each decision with its reason and outcome', async () => {
    const { code, out } = await mole('autoscale status', fakeWorld(engineWith(true)))
    expect(code).toBe(0)
    expect(out).toContain('Scales by itself, 1 to 8 tunnels.')
    expect(out).toMatch(/^add above +80 %, no sooner than 2 min 0 s after a change$/m)
    expect(out).toMatch(/^remove below +30 % for 10 min 0 s$/m)
    expect(out).toMatch(
      /^one tunnel carries +95\.0 Mbit\/s \(measured: the most one tunnel carried while it was full\)$/m,
    )
    expect(out).toMatch(/^30 s ago +kept +4 +Utilisation is 40 %, between 30 % and 80 %\.$/m)
    expect(out).toMatch(/^4 min 0 s ago +added +2 → 4 +Utilisation is 100 %, above 80 %\. +\[2J Goodput rose/m)
    expect(out).not.toContain('\u001b')
  })

  it('status prints one JSON object, with as many decisions as asked for', async () => {
    const { out } = await mole('autoscale status --json --decisions 1', fakeWorld(engineWith(true)))
    const { version, ok, autoscale } = JSON.parse(out)
    expect([version, ok, autoscale.utilisation, autoscale.decisions.length]).toEqual([1, true, 0.4, 1])
    expect(autoscale.settings).toMatchObject({ enabled: true, upThreshold: 0.8, downThreshold: 0.3 })
  })

  it('says how to switch it on where it is off', async () => {
    const { out } = await mole('autoscale status', fakeWorld(engineWith(false)))
    expect(out).toContain('Does not scale by itself. To switch it on: mole autoscale on')
  })

  it.each(['on', 'off', 'status'])('%s says that nothing is up where nothing is', async (verb) => {
    const { code, err } = await mole(`autoscale ${verb}`, fakeWorld(fakeEngine(NOTHING)))
    expect(code).toBeGreaterThan(0)
    expect(err).toContain('Nothing is deployed.')
  })
})

describe('mole status', () => {
  it('tells that the deployment scales by itself, and the newest decision; and nothing where it does not', async () => {
    expect((await mole('status', fakeWorld(engineWith(true)))).out).toContain(
      'Scales by itself, 1 to 8 tunnels; utilisation 40 %. Utilisation is 40 %, between 30 % and 80 %.',
    )
    expect((await mole('status', fakeWorld(engineWith(false)))).out).not.toContain('by itself')
  })
})
