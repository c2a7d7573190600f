import type { HelperClient, ObservedBastion } from '../../cloud/provider.ts'
import type { BastionRecord } from '../../store/deployment-table.ts'
import { bastionOf, neededBastions } from '../bastion-record.ts'
import { bastionId } from '../identity.ts'
import type { StepContext, StepDefinition } from '../step.ts'
import { adoptMachine } from './adopt-machine.ts'
import { forEachBastion } from './for-each-bastion.ts'
import { digestOfKeys, ensureHostKeys, ensureTrustedKeys, keyNamesOf } from './host-keys.ts'
import { mustKnow } from './prepare-cloud.ts'

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
  context.rememberBastion(index, { ends: null, spares: [] })
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
  context.rememberBastion(index, { launch: known.launch + 1, machineId: null, hostKeys, ends: null, spares: [] })
  return known.launch + 1
}

/** It was not seen for a moment, and is there after all: with the keys it had, and not those it booted with. */
const isSameMachine = ({ machineId, ends }: BastionRecord, { machine }: ObservedBastion): boolean =>
  ends !== null && machine !== null && machine.instanceId === machineId

/** Keys that only the machine before this one trusted. Those of the first lanes are this one's too. */
const forgetReplacedKeys = async (
  { deploymentId, signal }: StepContext,
  helper: HelperClient,
  { ends, spares }: BastionRecord,
): Promise<void> => {
  const lanes = [...(ends ?? []), ...spares].filter(({ lane }) => lane !== 0)
  if (lanes.length > 0) await helper.call('keys.forget', { names: keyNamesOf(deploymentId, lanes) }, { signal })
}

const launchOne = async (context: StepContext, index: number, seen: ObservedBastion | null): Promise<void> => {
  const { provider, host, deploymentId, log, signal } = context
  const helper = await host.ensure(signal)
  const before = bastionOf(context.record(), index)
  const trusted = await ensureTrustedKeys(helper, deploymentId, before, signal)
  const there = await clearUseless(context, index, seen, digestOfKeys(trusted))
  const hostPublicKeys = there === null ? await ensureHostKeys(helper, deploymentId, index, signal) : trusted
  const hostKeys = digestOfKeys(hostPublicKeys)
  const request = { ...mustKnow(context), bastionId: bastionId(deploymentId, index), index, hostPublicKeys }
  const launch = launchNumber(context, index, there, hostKeys)
  let bastion = await provider.launch({ ...request, launch }, log, signal)
  if (bastion.state === 'failed' && there === null) {
    // What an earlier try launched has ended in the meantime: that number is used up.
    context.rememberBastion(index, { launch: launch + 1, machineId: null, ends: null, spares: [] })
    bastion = await provider.launch({ ...request, launch: launch + 1 }, log, signal)
  }
  adoptMachine(context, bastion)
  if (isSameMachine(before, bastion)) context.rememberBastion(index, before)
  else if (there === null) await forgetReplacedKeys(context, helper, before)
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
