import type { Act } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import type { Clock } from '../clock.ts'
import type { Deployment } from '../deployment/deployment.ts'
import { tuningInForce } from '../deployment/planned-host.ts'
import type { StandingTopic } from '../deployment/standing-topic.ts'
import type { Store } from '../store/store.ts'
import { openAttempts } from './attempts.ts'
import { recommendedFor } from './by-probe.ts'
import { findIperf, measureBastions } from './measure-bastions.ts'
import { measureLab } from './measure-lab.ts'
import type { OptimizeGround } from './optimize.ts'
import type { Measuring } from './subject.ts'

export type GroundEnvironment = {
  readonly deployment: Pick<Deployment, 'record' | 'carrier' | 'tune' | 'settle' | 'scaleUnasked'>
  readonly standing: Pick<StandingTopic, 'get'>
  readonly store: Pick<Store, 'deployment' | 'attempt' | 'saveAttempt' | 'forgetAttempts' | 'probes' | 'probe'>
  readonly clock: Clock
  /** What else must not be disturbed now, as a sentence; `null` for nothing. */
  busyWith(): string | null
}
type Carrying = GroundEnvironment['deployment']

const disturbed = (verb: string): MoleError =>
  new MoleError('conflict', `What was measured says nothing: another act began meanwhile (${verb}).`, {
    field: 'optimize',
    meaning:
      'An act has in force what is recorded, and not what is being tried. What had measured better before stays.',
    nextStep: 'Start it again: "mole optimize".',
  })

/** @throws MoleError `conflict` where an act began since `before`. */
const assertUndisturbed = (before: Act | null, now: Act | null): void => {
  if (now !== null && now.startedAtMs !== before?.startedAtMs) throw disturbed(now.verb)
}

/** Measures what is in force, which nothing may change meanwhile. */
const measureNow = async (deployment: Carrying, how: Measuring, signal: AbortSignal): Promise<number> => {
  const record = deployment.record()
  if (record.plan.target !== 'lab') return measureBastions(record, how.seconds, signal)
  const { helper, bastionId } = await deployment.carrier()
  return measureLab(helper, bastionId, record.plan.tunnels, how, signal)
}

/** The deployment that is up, as optimising uses it. */
export const openGround = ({ deployment, standing, store, clock, busyWith }: GroundEnvironment): OptimizeGround => ({
  ...openAttempts({ deployment, store, clock }),
  plan: () => deployment.record().plan,
  tuned: () => standing.get().record?.tuned ?? [],
  inForce: () => {
    const { record } = standing.get()
    return record === null || record.desired === 'nothing' ? [] : tuningInForce(record.plan.tuning, record.tuned)
  },
  recommended: (probe) => recommendedFor(store, deployment.record(), probe),
  tune: deployment.tune,
  keep: deployment.settle,
  load: async () => (await deployment.carrier()).helper.call('host.load', {}),
  assertMeasurable: async () => {
    if (deployment.record().plan.target !== 'lab') await findIperf()
  },
  measure: async (how, signal) => {
    const { act } = standing.get()
    const bitsPerSecond = await measureNow(deployment, how, signal)
    assertUndisturbed(act, standing.get().act)
    return bitsPerSecond
  },
  busyWith,
})
