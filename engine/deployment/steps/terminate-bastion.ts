import type { StepDefinition } from '../step.ts'

/** Takes away all that the cloud holds of the deployment, and waits until it is gone. */
export const terminateBastion: StepDefinition = {
  limitMs: 900_000,
  run: async ({ provider, whose, signal, log }) => {
    const known = whose()
    if (known === null) return log('none is recorded')
    const { bastions } = await provider.observe(known)
    await provider.remove(known, log, signal)
    log(bastions.length === 0 ? 'none was there' : `gone: ${bastions.map(({ id }) => id).join(', ')}`)
  },
}
