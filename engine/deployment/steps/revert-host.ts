import type { StepDefinition } from '../step.ts'

/** Has the helper undo everything of ours on the host. Its keys stay until the bastion that trusts them is gone. */
export const revertHost: StepDefinition = {
  limitMs: 30_000,
  run: async ({ host, signal, log }) => {
    const helper = await host.find()
    if (helper === null) return log('no helper is there: nothing to undo')
    const { operations, drift } = await helper.call('revert', {}, { signal })
    for (const operation of operations) log(operation.text)
    for (const line of drift) log(`changed by others since: ${line}`)
    log(`operations: ${operations.length}`)
  },
}
