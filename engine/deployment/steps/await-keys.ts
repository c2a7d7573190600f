import { MoleError } from '../../../contract/errors.ts'
import { type BastionEndpoint, MAX_TUNNELS_PER_BASTION } from '../../../domain/tunnel-plan.ts'
import { isBootFailure } from '../../cloud/bastion/boot-failure.ts'
import type { CloudObservation, ObservedBastion, Whose } from '../../cloud/provider.ts'
import type { BastionRecord, PinnedEnd } from '../../store/deployment-table.ts'
import { bastionOf, neededBastions } from '../bastion-record.ts'
import { bastionId } from '../identity.ts'
import type { StepContext, StepDefinition } from '../step.ts'
import { adoptMachine } from './adopt-machine.ts'
import { forEachBastion } from './for-each-bastion.ts'
import { mustKnow } from './prepare-cloud.ts'

/** A bastion installs packages when it boots: a minute or two, as a rule. The step has room for its end, too. */
const BOOT_LIMIT_MS = 240_000

const gone = (id: string): MoleError =>
  new MoleError('not-found', `The bastion ${id} is gone.`, {
    field: 'bastion',
    meaning: 'It ended while its keys were awaited.',
    nextStep: 'Try again; a new one will be launched.',
  })

const tooSlow = (id: string): MoleError =>
  new MoleError('timeout', `The bastion ${id} published no keys within ${BOOT_LIMIT_MS / 1000} s.`, {
    field: 'bastion',
    meaning: 'It installs packages when it boots; its subnet may not reach the internet.',
    nextStep: 'Try again: another one is launched.',
  })

type Look = (index: number) => Promise<ObservedBastion>

/** Looks at one bastion; who looks while another one does shares what that one sees. */
const openLook = ({ provider }: StepContext, whose: Whose): Look => {
  let going: Promise<CloudObservation> | null = null
  return async (index) => {
    going ??= provider.observe(whose).finally(() => {
      going = null
    })
    const bastion = (await going).bastions.find((each) => each.index === index)
    if (bastion !== undefined) return bastion
    throw gone(bastionId(whose.id, index))
  }
}

/**
 * The keys seen first are pinned: another key later means another machine answers. What was made anew through the tunnels
 * is not what it publishes; a machine that has not got it cannot answer.
 */
const assertPinned = (pinned: readonly PinnedEnd[], published: readonly BastionEndpoint[]): void => {
  const changed = pinned
    .filter(({ renewed }) => !renewed)
    .find((pin) => published.find((end) => end.slot === pin.slot)?.publicKey !== pin.publicKey)
  if (changed === undefined) return
  throw new MoleError('drift', `The bastion's key of tunnel ${changed.slot} is not the one it first published.`, {
    field: `tunnel ${changed.slot}`,
    meaning: 'Another machine may be answering in its place. No tunnel was made to it.',
    nextStep: 'Run "mole down" and deploy again.',
  })
}

/**
 * The ends as pinned, at the address there is now: a machine's keys are its own, and what it printed when it booted is
 * not kept on its console for ever. `null` where there is no machine to tell from another.
 */
const pinnedEnds = ({ ends }: BastionRecord, { machine, publicAddress }: ObservedBastion): PinnedEnd[] | null =>
  machine === null || ends === null || publicAddress === ''
    ? null
    : ends.map((end) => ({ ...end, address: publicAddress }))

/** What is remembered once a bastion has published its keys. @throws MoleError `drift` where they are not those pinned. */
const pinnedTo = ({ ends }: BastionRecord, published: readonly BastionEndpoint[], atMs: number): PinnedEnd[] => {
  if (ends === null) return published.map((end) => ({ ...end, role: 'carrying', sinceMs: atMs, renewed: false }))
  assertPinned(ends, published)
  return ends.map((end) => ({ ...end, address: published[0]?.address ?? end.address }))
}

const awaitOne = async (context: StepContext, whose: Whose, look: Look, index: number): Promise<void> => {
  const { provider, clock, signal, log } = context
  const startedMs = clock.monotonicMs()
  let bastion = await look(index)
  adoptMachine(context, bastion)
  const known = bastionOf(context.record(), index)
  const findEnds = async (): Promise<PinnedEnd[] | null> => {
    const ends = pinnedEnds(known, bastion)
    // A console that tells of keys made since would tell of two for one tunnel.
    if (ends?.some(({ renewed }) => renewed) === true) return ends
    const published = await provider.publishedEnds(whose, bastion)
    return published.length < MAX_TUNNELS_PER_BASTION ? ends : pinnedTo(known, published, clock.wallMs())
  }
  let ends = await findEnds()
  while (ends === null) {
    signal.throwIfAborted()
    if (clock.monotonicMs() - startedMs > BOOT_LIMIT_MS) throw tooSlow(bastion.id)
    await clock.sleep(provider.pollMs, signal)
    if (bastion.state !== 'running') bastion = await look(index)
    ends = await findEnds()
  }
  context.rememberBastion(index, { ends })
  log(`${ends.length} public keys published; pinned to ${bastion.machine?.instanceId ?? bastion.id}`)
}

const isOfNoUse = (error: unknown): boolean =>
  isBootFailure(error) || (error instanceof MoleError && error.code === 'timeout' && error.data.field === 'bastion')

/** A bastion that never served and never will costs money and stands in the next one's place. */
const endUseless = async (context: StepContext, whose: Whose, index: number): Promise<void> => {
  const id = bastionId(whose.id, index)
  context.log(`${id} is of no use: terminating it`)
  await context.provider.terminate(whose, [id], context.log, context.signal)
}

const awaitOrEnd = async (context: StepContext, whose: Whose, look: Look, index: number): Promise<void> => {
  try {
    await awaitOne(context, whose, look, index)
  } catch (error) {
    if (isOfNoUse(error) && bastionOf(context.record(), index).ends === null)
      await endUseless(context, whose, index).catch((why: unknown) =>
        context.log(`it could not be terminated: ${why instanceof Error ? why.message : 'unforeseen'}`),
      )
    throw error
  }
}

/** Waits until every bastion that was launched has published its own public keys, and pins them. */
export const awaitKeys: StepDefinition = {
  limitMs: 600_000,
  run: async (context) => {
    const whose = mustKnow(context)
    const { bastions } = await context.provider.observe(whose)
    const isThere = (index: number): boolean => bastions.some((bastion) => bastion.index === index)
    // What was launched and is not listed is missed, and not passed over.
    const wanted = neededBastions(whose.plan).filter(
      (index) => isThere(index) || bastionOf(context.record(), index).machineId !== null,
    )
    if (wanted.length === 0) throw gone(bastionId(whose.id, 1))
    const look = openLook(context, whose)
    await forEachBastion(context, wanted, (index) => awaitOrEnd(context, whose, look, index))
    context.onObservation(await context.provider.observe(whose))
  },
}
