import type { ObservedBastion } from '../../cloud/provider.ts'
import { bastionId } from '../identity.ts'
import type { StepContext, StepDefinition } from '../step.ts'
import { ensureHostKeys } from './host-keys.ts'

const clearFailed = async ({ provider, deploymentId, signal, log }: StepContext): Promise<ObservedBastion | null> => {
  const bastions = await provider.observe(deploymentId)
  if (!bastions.some((bastion) => bastion.state === 'failed')) return bastions[0] ?? null
  log('its last boot failed: terminating it first')
  await provider.terminate(deploymentId, signal)
  return null
}

/** Launches the bastion, or adopts the one an earlier try launched. */
export const launchBastion: StepDefinition = {
  limitMs: 120_000,
  run: async (context) => {
    const { provider, host, deploymentId, signal, log } = context
    const there = await clearFailed(context)
    // A new machine makes new keys: those pinned belong to one that is gone.
    if (there === null) context.remember({ ends: null })
    const hostPublicKeys = await ensureHostKeys(await host.ensure(signal), deploymentId, signal)
    const request = { id: bastionId(deploymentId), deploymentId, plan: context.record().plan, hostPublicKeys }
    const bastion = await provider.launch(request, signal)
    log(`${there === null ? 'launched' : 'found'} ${bastion.id} at ${bastion.publicAddress}`)
    context.onBastion(bastion)
  },
}
