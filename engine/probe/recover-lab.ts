import type { Log } from '../log.ts'
import type { Store } from '../store/store.ts'
import { closeLab, type LabGround } from './targets/lab-target.ts'

const LIMIT_MS = 5000

/**
 * Takes away what an engine that was killed had in the lab for a probe, before anybody takes it for a deployment's. What
 * cannot be taken away now stays written down.
 */
export const recoverLab = async (
  store: Pick<Store, 'probeSites' | 'forgetProbeSite' | 'deployment'>,
  lab: () => LabGround,
  log: Log,
): Promise<void> => {
  const left = store.probeSites().filter(({ target }) => target.kind === 'lab')
  if (left.length === 0) return
  try {
    await closeLab(lab(), store.deployment()?.plan.target === 'lab', AbortSignal.timeout(LIMIT_MS))
    for (const { probeId } of left) store.forgetProbeSite(probeId)
  } catch (error) {
    log.error({ error: String(error) }, 'the lab of an earlier probe could not be taken away')
  }
}
