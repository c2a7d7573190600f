import { MoleError } from '../../../contract/errors.ts'
import type { StepContext, StepDefinition } from '../step.ts'

/** The deployment as a provider is told of it. @throws MoleError `internal` where nothing is recorded. */
export const mustKnow = ({ whose }: Pick<StepContext, 'whose'>) => {
  const known = whose()
  if (known === null) throw new MoleError('internal', 'Nothing is recorded to be deployed.')
  return known
}

/** Makes or mends what the bastions share. */
export const prepareCloud: StepDefinition = {
  limitMs: 300_000,
  run: async (context) => {
    const whose = mustKnow(context)
    await context.provider.prepare(whose, context.log, context.signal)
    context.onObservation(await context.provider.observe(whose))
  },
}
