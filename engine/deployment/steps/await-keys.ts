import { MoleError } from '../../../contract/errors.ts'
import type { BastionEndpoint } from '../../../domain/tunnel-plan.ts'
import type { ObservedBastion } from '../../cloud/provider.ts'
import { bastionId } from '../identity.ts'
import type { StepContext, StepDefinition } from '../step.ts'
import { ALL_SLOTS } from './host-keys.ts'

const POLL_MS = 20

const observeBastion = async ({ provider, deploymentId }: StepContext): Promise<ObservedBastion> => {
  const bastion = (await provider.observe(deploymentId)).find(({ id }) => id === bastionId(deploymentId))
  if (bastion !== undefined) return bastion
  throw new MoleError('not-found', `The bastion ${bastionId(deploymentId)} is gone.`, {
    field: 'bastion',
    meaning: 'It ended while its keys were awaited.',
    nextStep: 'Try again; a new one will be launched.',
  })
}

/** The keys seen first are pinned: another key later means another machine answers. */
const assertPinned = (pinned: readonly BastionEndpoint[] | null, ends: readonly BastionEndpoint[]): void => {
  const changed = pinned?.find((pin) => ends.find((end) => end.slot === pin.slot)?.publicKey !== pin.publicKey)
  if (changed === undefined) return
  throw new MoleError('drift', `The bastion's key of tunnel ${changed.slot} is not the one it first published.`, {
    field: `tunnel ${changed.slot}`,
    meaning: 'Another machine may be answering in its place. No tunnel was made to it.',
    nextStep: 'Run "mole down" and deploy again.',
  })
}

/** Waits until the bastion has published its own public keys, and pins them. */
export const awaitKeys: StepDefinition = {
  limitMs: 300_000,
  run: async (context) => {
    const { provider, clock, signal, log } = context
    const bastion = await observeBastion(context)
    let ends = await provider.publishedEnds(bastion)
    while (ends.length < ALL_SLOTS.length) {
      signal.throwIfAborted()
      await clock.sleep(POLL_MS, signal)
      ends = await provider.publishedEnds(bastion)
    }
    assertPinned(context.record().ends, ends)
    context.remember({ ends })
    context.onBastion(await observeBastion(context))
    log(`${ends.length} public keys published; pinned to ${bastion.id}`)
  },
}
