import { bastionOf, neededBastions } from '../bastion-record.ts'
import type { StepDefinition } from '../step.ts'
import { ensureTrustedKeys } from './host-keys.ts'

/** Has the helper make a key pair for each slot; the private keys stay with it. */
export const makeKeys: StepDefinition = {
  limitMs: 10_000,
  run: async ({ host, deploymentId, record, signal, log }) => {
    const helper = await host.ensure(signal)
    let count = 0
    for (const index of neededBastions(record().plan))
      count += (await ensureTrustedKeys(helper, deploymentId, bastionOf(record(), index), signal)).length
    log(`${count} key pairs; the private keys stay with the helper`)
  },
}
