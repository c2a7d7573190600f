import type { ObservedBastion } from '../../cloud/provider.ts'
import { bastionOf, neededBastions } from '../bastion-record.ts'
import { bastionId } from '../identity.ts'
import type { StepContext, StepDefinition } from '../step.ts'
import { adoptMachine } from './adopt-machine.ts'
import { forEachBastion } from './for-each-bastion.ts'
import { ensureHostKeys } from './host-keys.ts'
import { mustKnow } from './prepare-cloud.ts'

/** A bastion that failed is taken away first; the next one under its name is another machine. */
const clearFailed = async (
  context: StepContext,
  index: number,
  there: ObservedBastion | null,
): Promise<ObservedBastion | null> => {
  if (there === null || there.state !== 'failed') return there
  context.log(`${there.id} failed: terminating it first`)
  await context.provider.terminate(mustKnow(context), [there.id], context.log, context.signal)
  context.rememberBastion(index, { ends: null })
  return null
}

/**
 * The number of the launch to ask for. One that nobody has seen the machine of is asked for again under its number:
 * the cloud then answers with the machine it made, if it made one.
 */
const launchNumber = (context: StepContext, index: number, there: ObservedBastion | null): number => {
  const known = bastionOf(context.record(), index)
  if (known.launch > 0 && (known.machineId === null || there !== null)) return known.launch
  // On disk before the cloud is asked. A new machine makes new keys: those pinned belong to one that is gone.
  context.rememberBastion(index, { launch: known.launch + 1, machineId: null, ends: null })
  return known.launch + 1
}

const request = async (context: StepContext, index: number, launch: number) => {
  const { host, deploymentId, signal } = context
  const hostPublicKeys = await ensureHostKeys(await host.ensure(signal), deploymentId, index, signal)
  return { ...mustKnow(context), bastionId: bastionId(deploymentId, index), index, launch, hostPublicKeys }
}

const launchOne = async (context: StepContext, index: number, seen: ObservedBastion | null): Promise<void> => {
  const { provider, log, signal } = context
  const there = await clearFailed(context, index, seen)
  const launch = launchNumber(context, index, there)
  let bastion = await provider.launch(await request(context, index, launch), log, signal)
  if (bastion.state === 'failed' && there === null) {
    // What an earlier try launched has ended in the meantime: that number is used up.
    context.rememberBastion(index, { launch: launch + 1, machineId: null, ends: null })
    bastion = await provider.launch(await request(context, index, launch + 1), log, signal)
  }
  adoptMachine(context, bastion)
  log(
    `${there === null ? 'launched' : 'found'} ${bastion.id}${bastion.publicAddress === '' ? '' : ` at ${bastion.publicAddress}`}`,
  )
}

/**
 * Launches every bastion the plan needs, all at once, or adopts what an earlier try launched. Where some fail and some
 * do not, the act goes on with those there are.
 */
export const launchBastion: StepDefinition = {
  limitMs: 300_000,
  run: async (context) => {
    const { provider } = context
    const whose = mustKnow(context)
    const { bastions } = await provider.observe(whose)
    await forEachBastion(context, neededBastions(whose.plan), (index) =>
      launchOne(context, index, bastions.find((each) => each.index === index) ?? null),
    )
    context.onObservation(await provider.observe(whose))
  },
}
