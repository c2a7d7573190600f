import { MoleError } from '../../../contract/errors.ts'
import { endsOf } from '../../store/deployment-table.ts'
import { applyState } from '../apply-state.ts'
import { plannedHost } from '../planned-host.ts'
import type { StepDefinition } from '../step.ts'

/** Makes the host as planned: interfaces, peers, routes, rule, sysctls. */
export const applyHost: StepDefinition = {
  limitMs: 30_000,
  run: async ({ provider, host, record, signal, log }) => {
    const helper = await host.ensure(signal)
    if (endsOf(record()).length === 0) throw new MoleError('internal', 'The bastions’ keys are not known yet.')
    const operations = await applyState(provider, helper, plannedHost(record()), signal)
    for (const operation of operations) log(operation.text)
    log(operations.length === 0 ? 'the host is as planned already' : `operations: ${operations.length}`)
  },
}
