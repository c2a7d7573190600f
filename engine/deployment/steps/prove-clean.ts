import { MoleError } from '../../../contract/errors.ts'
import type { StepContext, StepDefinition } from '../step.ts'

/** Ended processes may need a moment to be gone. */
const PATIENCE_MS = 3000

const look = async ({ provider, whose }: StepContext): Promise<readonly string[]> => {
  const left = await provider.leftovers(whose())
  // Of the lab the provider itself tells: its world is both.
  const isHeld = provider.id !== 'lab' && (await provider.host.lives())
  return isHeld ? [...left, 'tunnels on this host'] : left
}

const observeLeftovers = async (context: StepContext): Promise<readonly string[]> => {
  const { provider, clock, signal } = context
  const until = clock.monotonicMs() + PATIENCE_MS
  let left = await look(context)
  while (left.length > 0 && clock.monotonicMs() < until) {
    signal.throwIfAborted()
    await clock.sleep(provider.pollMs, signal)
    left = await look(context)
  }
  return left
}

/** Looks for everything of ours that could still be there; an empty list is the proof. */
export const proveClean: StepDefinition = {
  limitMs: 60_000,
  run: async (context) => {
    const left = await observeLeftovers(context)
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
