import type { ProbeTarget } from '../../../domain/probe/request.ts'
import type { CloudProvider } from '../../cloud/provider.ts'
import type { Deployment } from '../../deployment/deployment.ts'
import type { StepHost } from '../../deployment/step.ts'
import type { TargetMaker } from './target.ts'

/** The lab, as probes use it. */
export type LabGround = {
  readonly provider: Pick<CloudProvider, 'host'>
  readonly host: StepHost
}

/** Whether a deployment is in the lab, or may be about to be; what is deployed elsewhere needs no lab. */
export const isLabInUse = ({ isIdle, views }: Pick<Deployment, 'isIdle' | 'views'>): boolean => {
  if (isIdle()) return false
  const { id, plan } = views.current()
  // Of nothing that is recorded the plan is only what was tried last.
  return id === null || plan?.target === 'lab'
}

/** Takes the site away; and the lab, unless something else is in it. Idempotent. */
export const closeLab = async ({ provider, host }: LabGround, isInUse: boolean, signal: AbortSignal): Promise<void> => {
  if (!isInUse) {
    host.release()
    return provider.host.remove()
  }
  const helper = await host.find()
  await helper?.call('lab.close-site', {}, { signal })
}

/**
 * A site of the lab, whose world is made for it where there is none.
 * @param isInUse whether a deployment is there, or in the making: the lab is not the probe's alone then
 */
export const labTarget = (
  ground: () => LabGround,
  isInUse: () => boolean,
): TargetMaker<Extract<ProbeTarget, { kind: 'lab' }>> => ({
  open: async ({ site: condition }, { tell, signal }) => {
    tell('Making the lab’s probe site')
    const helper = await ground().host.ensure(signal)
    const site = await helper.call('lab.open-site', { condition }, { signal })
    const { address, iperf3Port, echoPort, sourceFile } = site
    return {
      name: `the lab’s probe site, ${address}`,
      place: 'lab',
      host: address,
      iperf3Port,
      echoPort,
      sourceFile,
      endpoints: [],
      hostAddress: null,
      region: null,
    }
  },
  remove: (_, { signal }) => closeLab(ground(), isInUse(), signal),
})
