import { MoleError } from '../../../contract/errors.ts'
import { observeLeftovers } from '../observe-leftovers.ts'
import type { StepContext, StepDefinition } from '../step.ts'

/** Ended processes may need a moment to be gone. */
const PATIENCE_MS = 3000

const awaitNothing = async (context: StepContext): Promise<readonly string[]> => {
  const { provider, whose, clock, signal } = context
  const until = clock.monotonicMs() + PATIENCE_MS
  let left = await observeLeftovers(provider, whose())
  while (left.length > 0 && clock.monotonicMs() < until) {
    signal.throwIfAborted()
    await clock.sleep(provider.pollMs, signal)
    left = await observeLeftovers(provider, whose())
  }
  return left
}

/** Looks for everything of ours that could still be there; an empty list is the proof. */
export const proveClean: StepDefinition = {
  limitMs: 300_000,
  run: async (context) => {
    const left = await awaitNothing(context)
    for (const item of left) context.log(`still there: ${item}`)
    if (left.length > 0)
      throw new MoleError(
        'drift',
        `${left.length} ${left.length === 1 ? 'thing is' : 'things are'} still there: ${left.slice(0, 5).join(', ')}.`,
        {
          field: left[0]?.slice(0, 200) ?? 'leftovers',
          meaning: 'The teardown is not complete.',
          nextStep: 'Run "mole down" again.',
        },
      )
    context.log('nothing is left')
  },
}
