import type { Deployment } from '../deployment/deployment.ts'
import { tuningInForce } from '../deployment/planned-host.ts'
import type { StandingTopic } from '../deployment/standing-topic.ts'
import { findIperf, measureBastions } from './measure-bastions.ts'
import { measureLab } from './measure-lab.ts'
import type { OptimizeGround } from './optimize.ts'

type Carrying = Pick<Deployment, 'record' | 'carrier' | 'tune' | 'setTuned'>

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
    const record = deployment.record()
    if (record.plan.target !== 'lab') return measureBastions(record, seconds, signal)
    const { helper, bastionId } = await deployment.carrier()
    return measureLab(helper, bastionId, record.plan.tunnels, seconds, signal)
  },
})
