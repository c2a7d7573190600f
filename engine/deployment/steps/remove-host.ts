import type { DeploymentRecord } from '../../store/deployment-table.ts'
import { neededBastions } from '../bastion-record.ts'
import type { StepContext, StepDefinition } from '../step.ts'
import { everyKeyName } from './host-keys.ts'

const FORGET_LIMIT_MS = 3000

const keyedBastions = ({ plan, bastions }: DeploymentRecord): Set<number> =>
  new Set([...neededBastions(plan), ...bastions.map(({ index }) => index)])

/** A helper that outlives us must not keep our keys; one that is ended takes them along anyway, so failing here is no harm. */
const forgetKeys = async ({ host, deploymentId, whose, record, log }: StepContext): Promise<void> => {
  try {
    const helper = await host.find()
    if (helper === null) return
    const signal = AbortSignal.timeout(FORGET_LIMIT_MS)
    // Also those of bastions that the plan no longer needs, and that were not retired yet.
    const bastions = whose() === null ? [1] : keyedBastions(record())
    for (const bastion of bastions)
      await helper.call('keys.forget', { names: everyKeyName(deploymentId, bastion) }, { signal })
    log('keys forgotten')
  } catch (error) {
    log(`the helper did not forget our keys: ${(error as Error).message}`)
  }
}

/** Ends the helper and all it holds for us. */
export const removeHost: StepDefinition = {
  limitMs: 30_000,
  run: async (context) => {
    await forgetKeys(context)
    context.host.release()
    await context.provider.host.remove()
    context.log('helper ended, its files removed')
  },
}
