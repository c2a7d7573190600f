import type { StepDefinition } from '../step.ts'
import { hostKeyNames } from './host-keys.ts'

/** Has the helper undo everything of ours on the host, and forget our keys. */
export const revertHost: StepDefinition = {
  limitMs: 30_000,
  run: async ({ host, deploymentId, signal, log }) => {
    const helper = await host.find()
    if (helper === null) return log('no helper is there: nothing to undo')
    const { operations, drift } = await helper.call('revert', {}, { signal })
    for (const operation of operations) log(operation.text)
    for (const line of drift) log(`changed by others since: ${line}`)
    await helper.call('keys.forget', { names: hostKeyNames(deploymentId) }, { signal })
    log(`${operations.length} operations; keys forgotten`)
  },
}
