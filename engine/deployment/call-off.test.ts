import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Autoscale } from '../../domain/autoscale.ts'
import { deployFake, type FakeDeployment } from '../testing/fake-deployment.ts'
import { until } from '../testing/fake-world.ts'

let fake: FakeDeployment

beforeEach(async () => {
  fake = await deployFake({ tunnels: 2, maxTunnels: 64 })
})
afterEach(() => fake.close())

/** A step of scaling by itself to so many tunnels, which stands where `what` is asked for. */
const stepThatStandsAt = async (what: string, tunnels: number) => {
  const reached = Promise.withResolvers<void>()
  const free = Promise.withResolvers<void>()
  fake.world.gate = async (asked, when) => {
    if (asked !== what || when !== 'before') return
    reached.resolve()
    await free.promise
  }
  const state = fake.deployment.scaleUnasked(tunnels)
  await reached.promise
  return { state, free: free.resolve }
}

describe('a step that nobody asked for', () => {
  it.each([
    ['launch', 9],
    ['apply', 4],
  ])('called off at %s, is not finished by the change it was called off for', async (what, to) => {
    const step = await stepThatStandsAt(what, to)
    const autoscale = Autoscale.parse({ enabled: false })
    const asked = fake.deployment.adjust({ carriage: null, autoscale, tuning: null })
    step.free()
    await asked
    expect(await step.state).toBe('cancelled')
    await until(fake.isOver)
    const { act, problem, record } = fake.standing.get()
    expect([act?.verb, act?.state, problem, record?.plan.tunnels]).toEqual(['adjust', 'done', null, 2])
    expect(fake.store.deployment()?.plan.tunnels).toBe(2)
    expect([fake.tunnelsUp(), fake.world.bastions.size]).toEqual([2, 1])
  })

  it('is not called off by who wants new keys', async () => {
    const step = await stepThatStandsAt('apply', 4)
    await expect(fake.deployment.rotate(null)).rejects.toMatchObject({ code: 'conflict' })
    step.free()
    expect(await step.state).toBe('done')
    expect(fake.tunnelsUp()).toBe(4)
  })

  it('gives way to a teardown', async () => {
    const step = await stepThatStandsAt('apply', 4)
    const asked = fake.deployment.teardown()
    step.free()
    await asked
    expect(await step.state).toBe('cancelled')
    await until(() => fake.standing.get().record === null && fake.isOver())
    expect([fake.tunnelsUp(), fake.world.bastions.size]).toEqual([0, 0])
  })
})

describe('tuning that has measured better', () => {
  it('is to be measured anew once something else is wanted in its place', async () => {
    await fake.deployment.settle({ tuned: ['congestion', 'governor'] })
    const { tuning } = fake.deployment.record().plan
    const other = { ...tuning, wanted: { ...tuning.wanted, congestion: 'cubic' } }
    await fake.deployment.adjust({ carriage: null, autoscale: null, tuning: other })
    await until(fake.isOver)
    expect(fake.deployment.record().tuned).toEqual(['governor'])
    expect(fake.world.state.tuning).toMatchObject({ congestion: null, governor: 'performance' })
  })
})
