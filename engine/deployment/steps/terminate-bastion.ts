import type { StepDefinition } from '../step.ts'

/** Terminates the deployment's bastions and waits until they are gone. */
export const terminateBastion: StepDefinition = {
  limitMs: 300_000,
  run: async ({ provider, deploymentId, signal, log }) => {
    const bastions = await provider.observe(deploymentId)
    await provider.terminate(deploymentId, signal)
    log(bastions.length === 0 ? 'none was there' : `gone: ${bastions.map(({ id }) => id).join(', ')}`)
  },
}
