import { MoleError } from '../../../contract/errors.ts'
import { planHostState } from '../../../domain/tunnel-plan.ts'
import type { HelperClient } from '../../cloud/provider.ts'
import { endsOf } from '../../store/deployment-table.ts'
import type { StepContext, StepDefinition } from '../step.ts'

const applyOnce = async (helper: HelperClient, context: StepContext): Promise<void> => {
  const record = context.record()
  const ends = endsOf(record)
  if (ends.length === 0) throw new MoleError('internal', 'The bastions’ keys are not known yet.')
  const { signal, log } = context
  const { generation } = await helper.call('hello', {}, { signal })
  const state = planHostState(record.plan, context.deploymentId, ends)
  const { operations } = await helper.call('apply', { generation, state }, { signal })
  for (const operation of operations) log(operation.text)
  log(operations.length === 0 ? 'the host is as planned already' : `${operations.length} operations`)
}

/** Makes the host as planned: interfaces, peers, routes, rule, sysctls. */
export const applyHost: StepDefinition = {
  limitMs: 30_000,
  run: async (context) => {
    const helper = await context.host.ensure(context.signal)
    try {
      await applyOnce(helper, context)
    } catch (error) {
      // Somebody wrote between our hello and our apply: look again, once.
      if (!(error instanceof MoleError) || error.code !== 'conflict') throw error
      await applyOnce(helper, context)
    }
  },
}
