import type { ProbeTarget } from '../../../domain/probe/request.ts'
import type { CloudProvider } from '../../cloud/provider.ts'
import type { StepHost } from '../../deployment/step.ts'
import type { OpenTarget } from './target.ts'

/** The lab, as probes use it. */
export type LabGround = {
  cloud(): { readonly provider: Pick<CloudProvider, 'host'>; readonly host: StepHost }
  /** A deployment is there, or in the making: the lab is not ours alone. */
  isInUse(): boolean
}

const CLOSE_LIMIT_MS = 5000

/** Takes the site away, and the lab where nobody else uses it: also what an engine left that was killed. Idempotent. */
export const closeLab = async ({ cloud, isInUse }: LabGround): Promise<void> => {
  const { provider, host } = cloud()
  if (!isInUse()) {
    host.release()
    return provider.host.remove()
  }
  const helper = await host.find()
  await helper?.call('lab.close-site', {}, { signal: AbortSignal.timeout(CLOSE_LIMIT_MS) })
}

/** A site of the lab, whose world is made for it where there is none. */
export const openLabTarget =
  (ground: LabGround): OpenTarget<Extract<ProbeTarget, { kind: 'lab' }>> =>
  async ({ site: condition }, { tell, signal }) => {
    tell('Making the lab’s probe site')
    try {
      const helper = await ground.cloud().host.ensure(signal)
      const { address, iperf3Port, echoPort, sourceFile } = await helper.call(
        'lab.open-site',
        { condition },
        { signal },
      )
      const name = `the lab’s probe site, ${address}`
      return { name, place: 'lab', host: address, iperf3Port, echoPort, sourceFile, close: () => closeLab(ground) }
    } catch (error) {
      await closeLab(ground)
      throw error
    }
  }
