import type { Act } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import type { Deployment } from '../deployment/deployment.ts'
import { tuningInForce } from '../deployment/planned-host.ts'
import type { StandingTopic } from '../deployment/standing-topic.ts'
import { findIperf, measureBastions } from './measure-bastions.ts'
import { measureLab } from './measure-lab.ts'
import type { OptimizeGround } from './optimize.ts'

type Carrying = Pick<Deployment, 'record' | 'carrier' | 'tune' | 'setTuned'>

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
const measureNow = async (deployment: Carrying, seconds: number, signal: AbortSignal): Promise<number> => {
  const record = deployment.record()
  if (record.plan.target !== 'lab') return measureBastions(record, seconds, signal)
  const { helper, bastionId } = await deployment.carrier()
  return measureLab(helper, bastionId, record.plan.tunnels, seconds, signal)
}

/** The deployment that is up, as optimising uses it. */
export const openGround = (deployment: Carrying, standing: Pick<StandingTopic, 'get'>): OptimizeGround => ({
  plan: () => deployment.record().plan.tuning,
  tuned: () => standing.get().record?.tuned ?? [],
  inForce: () => {
    const { record } = standing.get()
    return record === null || record.desired === 'nothing' ? [] : tuningInForce(record.plan.tuning, record.tuned)
  },
  tune: deployment.tune,
  keep: deployment.setTuned,
  load: async () => (await deployment.carrier()).helper.call('host.load', {}),
  assertMeasurable: async () => {
    if (deployment.record().plan.target !== 'lab') await findIperf()
  },
  measure: async (seconds, signal) => {
    const { act } = standing.get()
    const bitsPerSecond = await measureNow(deployment, seconds, signal)
    assertUndisturbed(act, standing.get().act)
    return bitsPerSecond
  },
})
