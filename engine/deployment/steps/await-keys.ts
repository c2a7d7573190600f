import { MoleError } from '../../../contract/errors.ts'
import { type BastionEndpoint, MAX_TUNNELS_PER_BASTION } from '../../../domain/tunnel-plan.ts'
import type { ObservedBastion, Whose } from '../../cloud/provider.ts'
import { bastionOf, neededBastions } from '../bastion-record.ts'
import { bastionId } from '../identity.ts'
import type { StepContext, StepDefinition } from '../step.ts'
import { adoptMachine } from './adopt-machine.ts'
import { forEachBastion } from './for-each-bastion.ts'
import { mustKnow } from './prepare-cloud.ts'

const gone = (id: string): MoleError =>
  new MoleError('not-found', `The bastion ${id} is gone.`, {
    field: 'bastion',
    meaning: 'It ended while its keys were awaited.',
    nextStep: 'Try again; a new one will be launched.',
  })

const observeBastion = async (context: StepContext, whose: Whose, index: number): Promise<ObservedBastion> => {
  const observation = await context.provider.observe(whose)
  const bastion = observation.bastions.find((each) => each.index === index)
  if (bastion !== undefined) return bastion
  throw gone(bastionId(whose.id, index))
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

const awaitOne = async (context: StepContext, whose: Whose, index: number): Promise<void> => {
  const { provider, clock, signal, log } = context
  let bastion = await observeBastion(context, whose, index)
  adoptMachine(context, bastion)
  let ends = await provider.publishedEnds(whose, bastion)
  while (ends.length < MAX_TUNNELS_PER_BASTION) {
    signal.throwIfAborted()
    await clock.sleep(provider.pollMs, signal)
    if (bastion.state !== 'running') bastion = await observeBastion(context, whose, index)
    ends = await provider.publishedEnds(whose, bastion)
  }
  assertPinned(bastionOf(context.record(), index).ends, ends)
  context.rememberBastion(index, { ends })
  log(`${ends.length} public keys published; pinned to ${bastion.machine?.instanceId ?? bastion.id}`)
}

/** Waits until every bastion that was launched has published its own public keys, and pins them. */
export const awaitKeys: StepDefinition = {
  limitMs: 300_000,
  run: async (context) => {
    const whose = mustKnow(context)
    const { bastions } = await context.provider.observe(whose)
    const wanted = neededBastions(whose.plan).filter((index) => bastions.some((bastion) => bastion.index === index))
    if (wanted.length === 0) throw gone(bastionId(whose.id, 1))
    await forEachBastion(context, wanted, (index) => awaitOne(context, whose, index))
    context.onObservation(await context.provider.observe(whose))
  },
}
