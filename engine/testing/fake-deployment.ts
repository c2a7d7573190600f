import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { openActivity } from '../activity.ts'
import type { Clock } from '../clock.ts'
import { type Deployment, openDeployment } from '../deployment/deployment.ts'
import { openStandingTopic, type StandingTopic } from '../deployment/standing-topic.ts'
import { NO_STANDING } from '../deployment/view.ts'
import { silentLog } from '../log.ts'
import { openStore, type Store } from '../store/store.ts'
import { openTargets } from '../targets.ts'
import { openTelemetry } from '../telemetry/telemetry.ts'
import { type FakeWorld, openFakeWorld, until } from './fake-world.ts'
import { hurriedClock } from './hurried-clock.ts'

/** A deployment alone, without an engine around it, that is up in the fake world. */
export type FakeDeployment = {
  readonly clock: Clock
  readonly store: Store
  readonly world: FakeWorld
  readonly standing: StandingTopic
  readonly deployment: Deployment
  /** Whether the newest act has ended. */
  readonly isOver: () => boolean
  readonly tunnelsUp: () => number
  close(): Promise<void>
}

/** Brings `plan` up, on a hurried clock and with a database of its own. */
export const deployFake = async (plan: Partial<DeploymentPlan>): Promise<FakeDeployment> => {
  const directory = mkdtempSync(join(tmpdir(), 'mole-'))
  const clock = hurriedClock()
  const store = openStore(join(directory, 'mole.sqlite'), 0)
  const world = openFakeWorld()
  const targets = openTargets([world.provider])
  const standing = openStandingTopic(NO_STANDING)
  const deployment = openDeployment({
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
  const isOver = (): boolean => standing.get().act?.state !== 'running'
  await deployment.deploy(DeploymentPlan.parse(plan), null)
  await until(isOver)
  return {
    clock,
    store,
    world,
    standing,
    deployment,
    isOver,
    tunnelsUp: () => world.state.tunnels.length,
    close: async () => {
      world.gate = async () => undefined
      await deployment.close()
      targets.release()
      store.close()
      rmSync(directory, { recursive: true })
    },
  }
}
