import { neededBastions } from '../bastion-record.ts'
import type { StepDefinition } from '../step.ts'
import { ensureHostKeys } from './host-keys.ts'

/** Has the helper make a key pair for each slot; the private keys stay with it. */
export const makeKeys: StepDefinition = {
  limitMs: 10_000,
  run: async ({ host, deploymentId, record, signal, log }) => {
    const helper = await host.ensure(signal)
    let count = 0
    for (const bastion of neededBastions(record().plan))
      count += (await ensureHostKeys(helper, deploymentId, bastion, signal)).length
    log(`${count} key pairs; the private keys stay with the helper`)
  },
}
