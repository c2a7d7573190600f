import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Autoscale } from '../../domain/autoscale.ts'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { openActivity } from '../activity.ts'
import { silentLog } from '../log.ts'
import { openStore, type Store } from '../store/store.ts'
import { openTargets, type Targets } from '../targets.ts'
import { openTelemetry } from '../telemetry/telemetry.ts'
import { type FakeWorld, openFakeWorld, until } from '../testing/fake-world.ts'
import { hurriedClock } from '../testing/hurried-clock.ts'
import { type Deployment, openDeployment } from './deployment.ts'
import { openStandingTopic, type StandingTopic } from './standing-topic.ts'
import { NO_STANDING } from './view.ts'

let directory = ''
let store: Store
let targets: Targets
let world: FakeWorld
let standing: StandingTopic
let deployment: Deployment

const isOver = (): boolean => standing.get().act?.state !== 'running'
const tunnelsUp = (): number => world.state.tunnels.length

/** Two tunnels are up. */
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mole-'))
  const clock = hurriedClock()
  store = openStore(join(directory, 'mole.sqlite'), 0)
  world = openFakeWorld()
  targets = openTargets([world.provider])
  standing = openStandingTopic(NO_STANDING)
  deployment = openDeployment({
    store,
    clock,
    log: silentLog,
    activity: openActivity(store, clock),
    standing,
    telemetry: openTelemetry(clock, silentLog),
    cloudOf: targets.cloudOf,
    withResidue: targets.withResidue,
    onConnected: () => undefined,
    onRemoving: () => undefined,
    onSeen: () => undefined,
    onCounters: () => undefined,
    onForgotten: () => undefined,
  })
  await deployment.deploy(DeploymentPlan.parse({ tunnels: 2, maxTunnels: 64 }), null)
  await until(isOver)
})
afterEach(async () => {
  world.gate = async () => undefined
  await deployment.close()
  targets.release()
  store.close()
  rmSync(directory, { recursive: true })
})

/** A step of scaling by itself to so many tunnels, which stands where `what` is asked for. */
const stepThatStandsAt = async (what: string, tunnels: number) => {
  const reached = Promise.withResolvers<void>()
  const free = Promise.withResolvers<void>()
  world.gate = async (asked, when) => {
    if (asked !== what || when !== 'before') return
    reached.resolve()
    await free.promise
  }
  const state = deployment.scaleUnasked(tunnels)
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
    const asked = deployment.adjust({ carriage: null, autoscale, tuning: null })
    step.free()
    await asked
    expect(await step.state).toBe('cancelled')
    await until(isOver)
    const { act, problem, record } = standing.get()
    expect([act?.verb, act?.state, problem, record?.plan.tunnels]).toEqual(['adjust', 'done', null, 2])
    expect(store.deployment()?.plan.tunnels).toBe(2)
    expect([tunnelsUp(), world.bastions.size]).toEqual([2, 1])
  })

  it('is not called off by who wants new keys', async () => {
    const step = await stepThatStandsAt('apply', 4)
    await expect(deployment.rotate(null)).rejects.toMatchObject({ code: 'conflict' })
    step.free()
    expect(await step.state).toBe('done')
    expect(tunnelsUp()).toBe(4)
  })

  it('gives way to a teardown', async () => {
    const step = await stepThatStandsAt('apply', 4)
    const asked = deployment.teardown()
    step.free()
    await asked
    expect(await step.state).toBe('cancelled')
    await until(() => standing.get().record === null && isOver())
    expect([tunnelsUp(), world.bastions.size]).toEqual([0, 0])
  })
})

describe('tuning that has measured better', () => {
  it('is to be measured anew once something else is wanted in its place', async () => {
    await deployment.settle({ tuned: ['congestion', 'governor'] })
    const { tuning } = deployment.record().plan
    const other = { ...tuning, wanted: { ...tuning.wanted, congestion: 'cubic' } }
    await deployment.adjust({ carriage: null, autoscale: null, tuning: other })
    await until(isOver)
    expect(deployment.record().tuned).toEqual(['governor'])
    expect(world.state.tuning).toMatchObject({ congestion: null, governor: 'performance' })
  })
})
