import type { StepDefinition } from '../step.ts'

/** Ends the helper and all it holds for us. */
export const removeHost: StepDefinition = {
  limitMs: 30_000,
  run: async ({ provider, host, log }) => {
    host.release()
    await provider.host.remove()
    log('helper ended, its files removed')
  },
}
