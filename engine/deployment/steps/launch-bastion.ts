import { createHash } from 'node:crypto'
import type { ObservedBastion } from '../../cloud/provider.ts'
import type { BastionRecord } from '../../store/deployment-table.ts'
import { bastionOf, neededBastions } from '../bastion-record.ts'
import { bastionId } from '../identity.ts'
import type { StepContext, StepDefinition } from '../step.ts'
import { adoptMachine } from './adopt-machine.ts'
import { forEachBastion } from './for-each-bastion.ts'
import { ensureHostKeys } from './host-keys.ts'
import { mustKnow } from './prepare-cloud.ts'

/** What tells one set of the DTN's keys from another. */
const digestOf = (publicKeys: readonly string[]): string =>
  createHash('sha256').update(publicKeys.join('\n')).digest('base64url')

/** Why the bastion that is there is of no use; `null` when it is. */
const uselessness = (there: ObservedBastion, known: BastionRecord, hostKeys: string): string | null => {
  if (there.state === 'failed') return `${there.id} failed`
  // Keys are lost with the helper's directory, as when the machine is started anew.
  return known.hostKeys !== null && known.hostKeys !== hostKeys
    ? `${there.id} trusts keys that this host no longer has`
    : null
}

/** What is of no use is taken away first; the next one under its name is another machine. */
const clearUseless = async (
  context: StepContext,
  index: number,
  there: ObservedBastion | null,
  hostKeys: string,
): Promise<ObservedBastion | null> => {
  const why = there === null ? null : uselessness(there, bastionOf(context.record(), index), hostKeys)
  if (there === null || why === null) return there
  context.log(`${why}: terminating it first`)
  await context.provider.terminate(mustKnow(context), [there.id], context.log, context.signal)
  context.rememberBastion(index, { ends: null })
  return null
}

/**
 * The number of the launch to ask for. One that nobody has seen the machine of is asked for again under its number:
 * the cloud then answers with the machine it made, if it made one.
 */
const launchNumber = (context: StepContext, index: number, there: ObservedBastion | null, hostKeys: string): number => {
  const known = bastionOf(context.record(), index)
  const isAsked = known.machineId === null && (known.hostKeys ?? hostKeys) === hostKeys
  if (known.launch > 0 && (isAsked || there !== null)) return known.launch
  // On disk before the cloud is asked. A new machine makes new keys: those pinned belong to one that is gone.
  context.rememberBastion(index, { launch: known.launch + 1, machineId: null, hostKeys, ends: null })
  return known.launch + 1
}

const launchOne = async (context: StepContext, index: number, seen: ObservedBastion | null): Promise<void> => {
  const { provider, host, deploymentId, log, signal } = context
  const hostPublicKeys = await ensureHostKeys(await host.ensure(signal), deploymentId, index, signal)
  const hostKeys = digestOf(hostPublicKeys)
  const there = await clearUseless(context, index, seen, hostKeys)
  const request = { ...mustKnow(context), bastionId: bastionId(deploymentId, index), index, hostPublicKeys }
  const launch = launchNumber(context, index, there, hostKeys)
  let bastion = await provider.launch({ ...request, launch }, log, signal)
  if (bastion.state === 'failed' && there === null) {
    // What an earlier try launched has ended in the meantime: that number is used up.
    context.rememberBastion(index, { launch: launch + 1, machineId: null, ends: null })
    bastion = await provider.launch({ ...request, launch: launch + 1 }, log, signal)
  }
  adoptMachine(context, bastion)
  const where = bastion.publicAddress === '' ? '' : ` at ${bastion.publicAddress}`
  log(`${there === null ? 'launched' : 'found'} ${bastion.id}${where}`)
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
