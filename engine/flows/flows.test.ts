import { describe, expect, it } from 'vitest'
import type { FlowsView } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { silentLog } from '../log.ts'
import { skippingClock } from '../testing/skipping-clock.ts'
import { type FlowsSource, openFlows } from './flows.ts'
import { sample } from './testing/samples.ts'

const MPTCP = {
  available: true,
  schedulers: ['default'],
  scheduler: 'default',
  pathManager: 'kernel',
  endpoints: [{ tunnel: 1, backup: false }],
  subflowLimit: 8,
}
const plan = DeploymentPlan.parse({
  carriage: { mptcp: { strategy: 'roundrobin' } },
  autoscale: { elephantBytes: 1e6 },
})

/** A helper whose one connection moves 125,000 bytes more at each look. */
const growing = () => {
  let asked = 0
  return {
    asked: () => asked,
    ask: async (): Promise<FlowsSource> => {
      asked += 1
      return { plan, seen: { atMs: asked, flows: [sample({ bytesSent: 125_000 * asked })], mptcp: MPTCP } }
    },
  }
}

const take = async (stream: AsyncIterable<FlowsView>, count: number): Promise<FlowsView[]> => {
  const views: FlowsView[] = []
  for await (const view of stream) {
    views.push(view)
    if (views.length === count) return views
  }
  return views
}

describe('openFlows', () => {
  it('looks once a second for all who watch together, and not when nobody does', async () => {
    const helper = growing()
    const flows = openFlows({ clock: skippingClock(), log: silentLog, ask: helper.ask })
    const never = new AbortController().signal
    const both = await Promise.all([take(flows.stream(never), 4), take(flows.stream(never), 4)])
    for (const views of both) {
      expect(views.map((view) => view.flows[0]?.upBitsPerSecond)).toEqual([null, 1e6, 1e6, 1e6])
      expect(views[0]?.strategy?.asked).toBe('roundrobin')
    }
    const afterwards = helper.asked()
    expect(afterwards).toBeLessThan(8)
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(helper.asked()).toBe(afterwards)
  })

  it('shares a look with who asks for the autoscaler', async () => {
    const helper = growing()
    const flows = openFlows({ clock: skippingClock(), log: silentLog, ask: helper.ask })
    const [one, other] = await Promise.all([flows.see(), flows.see()])
    expect(helper.asked()).toBe(1)
    expect(one).toEqual(other)
    expect(one).toEqual([expect.objectContaining({ bytes: 125_000, bitsPerSecond: null, spreads: false })])
  })

  it('begins no second look while one takes long', async () => {
    const helper = growing()
    const clock = skippingClock()
    const free = Promise.withResolvers<void>()
    const flows = openFlows({ clock, log: silentLog, ask: () => free.promise.then(helper.ask) })
    const first = flows.see()
    await clock.sleep(5000)
    const second = flows.see()
    free.resolve()
    expect(await second).toEqual(await first)
    expect(helper.asked()).toBe(1)
  })

  it('shows nothing, and no error, while nothing is up; and what comes after', async () => {
    const helper = growing()
    let isUp = false
    const ask = async (): Promise<FlowsSource> => {
      if (!isUp) throw new MoleError('not-found', 'Nothing is up.', {})
      return helper.ask()
    }
    const flows = openFlows({ clock: skippingClock(), log: silentLog, ask })
    expect(await flows.see()).toBeNull()
    const [first, second] = await take(
      (async function* () {
        for await (const view of flows.stream(new AbortController().signal)) {
          isUp = true
          yield view
        }
      })(),
      2,
    )
    expect(first).toMatchObject({ flows: [], strategy: null })
    expect(second?.flows).toHaveLength(1)
  })

  it('forgets a look that is long past', async () => {
    const helper = growing()
    const clock = skippingClock()
    const flows = openFlows({ clock, log: silentLog, ask: helper.ask })
    await flows.see()
    await clock.sleep(60_000)
    expect((await flows.see())?.[0]?.bitsPerSecond).toBeNull()
    await clock.sleep(1000)
    expect((await flows.see())?.[0]?.bitsPerSecond).toBe(1e6)
  })
})
