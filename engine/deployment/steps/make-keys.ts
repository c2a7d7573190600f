import type { StepDefinition } from '../step.ts'
import { ensureHostKeys } from './host-keys.ts'

/** Has the helper make a key pair for each slot; the private keys stay with it. */
export const makeKeys: StepDefinition = {
  limitMs: 10_000,
  run: async ({ host, deploymentId, signal, log }) => {
    const keys = await ensureHostKeys(await host.ensure(signal), deploymentId, signal)
    log(`${keys.length} key pairs; the private keys stay with the helper`)
  },
}
