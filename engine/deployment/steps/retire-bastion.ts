import { neededBastions } from '../bastion-record.ts'
import { bastionId } from '../identity.ts'
import type { StepDefinition } from '../step.ts'
import { everyKeyName } from './host-keys.ts'
import { mustKnow } from './prepare-cloud.ts'

/** Terminates the bastions the plan no longer needs; no tunnel leads to them any more. */
export const retireBastion: StepDefinition = {
  limitMs: 300_000,
  run: async (context) => {
    const { provider, host, record, signal, log } = context
    const whose = mustKnow(context)
    const needed = neededBastions(whose.plan)
    const { bastions } = await provider.observe(whose)
    const known = [...bastions.map(({ index }) => index), ...record().bastions.map(({ index }) => index)]
    const surplus = [...new Set(known)].filter((index) => !needed.includes(index))
    const ids = surplus.map((index) => bastionId(whose.id, index))
    await provider.terminate(whose, ids, log, signal)
    const helper = await host.ensure(signal)
    for (const index of surplus) {
      await helper.call('keys.forget', { names: everyKeyName(whose.id, index) }, { signal })
      context.forgetBastion(index)
    }
    context.onObservation(await provider.observe(whose))
    log(ids.length === 0 ? 'none was there' : `gone: ${ids.join(', ')}`)
  },
}
