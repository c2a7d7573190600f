import { MoleError } from '../../contract/errors.ts'
import { interfaceName, laneNumber } from '../../domain/ours.ts'
import { bastionOfSlot, hostKeyName, slotsOf } from '../../domain/tunnel-plan.ts'
import type { HelperClient } from '../cloud/provider.ts'
import { bastionOf } from '../deployment/bastion-record.ts'
import type { StepContext } from '../deployment/step.ts'
import { digestOfKeys, ensureTrustedKeys } from '../deployment/steps/host-keys.ts'
import type { BastionRecord, LaneOf, PinnedEnd } from '../store/deployment-table.ts'
import { askAgent, isAgentless, type Way } from './ask-agent.ts'
import { endOf, freeLane, withJoining, withoutSpare, withSpare, withSwitched } from './lanes.ts'
import type { Echoes } from './listen-to-echoes.ts'

/** What the rotation of a tunnel needs. */
export type Rotation = {
  readonly context: StepContext
  readonly helper: HelperClient
  readonly echoes: Echoes
  /** Makes the host as it is recorded. */
  apply(): Promise<void>
}

/** A first handshake that is lost is made again after 5 s (WireGuard); patience for two. */
const ECHO_PATIENCE_MS = 12_000

/** What is under way by the old lane, there or back, has arrived, or was lost on the way, after so long. */
const THERE_MS = 2000
const BACK_MS = 1000

const recorded = ({ context }: Rotation, slot: number): BastionRecord =>
  bastionOf(context.record(), bastionOfSlot(slot))

/** On disk before it is made so. */
const change = (
  rotation: Rotation,
  slot: number,
  by: (known: BastionRecord) => Partial<Omit<BastionRecord, 'index'>>,
): void => rotation.context.rememberBastion(bastionOfSlot(slot), by(recorded(rotation, slot)))

const isPlanned = ({ context }: Rotation, slot: number): boolean => slotsOf(context.record().plan).includes(slot)

const keyNameOf = ({ context }: Rotation, { slot, lane }: LaneOf): string =>
  hostKeyName(context.deploymentId, slot, lane)

const ask = <T>({ context, helper, echoes }: Rotation, slot: number, question: (way: Way) => Promise<T>): Promise<T> =>
  askAgent({ record: context.record(), helper, echoes, signal: context.signal }, slot, question)

const lostKeys = (bastion: number): MoleError =>
  new MoleError('drift', `This host no longer has the keys that bastion ${bastion} trusts.`, {
    field: `bastion ${bastion}`,
    meaning: 'Its tunnels work only until they are made again.',
    nextStep: 'Run "mole up": the bastion is launched anew.',
  })

const trustedDigest = async ({ context, helper }: Rotation, known: BastionRecord): Promise<string> =>
  digestOfKeys(await ensureTrustedKeys(helper, context.deploymentId, known, context.signal))

const newHostKey = async ({ context, helper }: Rotation, name: string): Promise<void> => {
  const { signal } = context
  await helper.call('keys.forget', { names: [name] }, { signal })
  await helper.call('keys.ensure', { names: [name] }, { signal })
}

/** Has both ends make keys for the free lane of a tunnel. */
const makeLane = async (rotation: Rotation, carrying: PinnedEnd): Promise<void> => {
  const { context, helper } = rotation
  const { slot } = carrying
  const lane = freeLane(carrying)
  const number = laneNumber(slot, lane.lane)
  const keyName = keyNameOf(rotation, lane)
  change(rotation, slot, (known) => withSpare(known, lane))
  await newHostKey(rotation, keyName)
  const { signal } = context
  const made = await ask(rotation, slot, (way) =>
    helper.call('agent.make-lane', { ...way, number, keyName }, { signal }),
  )
  if (made.number !== number) throw new MoleError('internal', `The agent made lane ${made.number} and not ${number}.`)
  const { publicKey, port } = made
  const sinceMs = context.clock.wallMs()
  change(rotation, slot, (known) =>
    withJoining(known, { ...lane, publicKey, port, address: carrying.address, sinceMs }),
  )
}

const pause = async ({ context: { clock, signal } }: Rotation, ms: number): Promise<void> => {
  await clock.sleep(ms, signal)
  signal.throwIfAborted()
}

/** A bastion without an agent cannot, and has no use for it: this host has no key for it. */
const dropLane = async (rotation: Rotation, { slot, lane }: LaneOf): Promise<void> => {
  const { helper, context } = rotation
  const number = laneNumber(slot, lane)
  const { signal } = context
  try {
    await ask(rotation, slot, (way) => helper.call('agent.drop-lane', { ...way, number }, { signal }))
  } catch (error) {
    if (!isAgentless(error)) throw error
  }
}

/** Tries the end that joins: it carries once an echo has come back through it, and is given up when none does. */
const settleJoining = async (rotation: Rotation, joining: PinnedEnd): Promise<void> => {
  const { slot } = joining
  const giveUp = (): void => change(rotation, slot, (known) => withSpare(known, joining))
  if (!isPlanned(rotation, slot)) return giveUp()
  await rotation.apply()
  const name = interfaceName(laneNumber(slot, joining.lane))
  if (!(await rotation.echoes.await(name, ECHO_PATIENCE_MS))) return giveUp()
  const hostKeys = await trustedDigest(rotation, {
    ...recorded(rotation, slot),
    ...withSwitched(recorded(rotation, slot), slot),
  })
  change(rotation, slot, (known) => ({ ...withSwitched(known, slot), hostKeys }))
}

/**
 * Takes an end that was replaced down, once nothing can be under way by it. The bastion goes first: what it only answers
 * comes by the lane that the last question came by, and by the other once that is gone.
 */
const settleLeaving = async (rotation: Rotation, leaving: PinnedEnd): Promise<void> => {
  if (isPlanned(rotation, leaving.slot)) {
    await rotation.apply()
    await pause(rotation, THERE_MS)
    await dropLane(rotation, leaving)
    await pause(rotation, BACK_MS)
  }
  change(rotation, leaving.slot, (known) => withSpare(known, leaving))
}

/** Takes a lane away at both ends. */
const settleSpare = async (rotation: Rotation, lane: LaneOf): Promise<void> => {
  const { helper, context } = rotation
  const { signal } = context
  await rotation.apply()
  await dropLane(rotation, lane)
  await helper.call('keys.forget', { names: [keyNameOf(rotation, lane)] }, { signal })
  change(rotation, lane.slot, (known) => withoutSpare(known, lane))
}

/** Brings what was begun with a tunnel's keys to its end, from wherever it stands; the tunnel then has one lane. */
export const settleTunnel = async (rotation: Rotation, slot: number): Promise<void> => {
  const find = (role: PinnedEnd['role']): PinnedEnd | null => endOf(recorded(rotation, slot), slot, role)
  const joining = find('joining')
  if (joining !== null) await settleJoining(rotation, joining)
  const leaving = find('leaving')
  if (leaving !== null) await settleLeaving(rotation, leaving)
  for (const spare of recorded(rotation, slot).spares) if (spare.slot === slot) await settleSpare(rotation, spare)
}

const unanswered = (slot: number): MoleError =>
  new MoleError('timeout', `No echo came back through tunnel ${slot} by its new keys.`, {
    field: `tunnel ${slot}`,
    meaning: 'It keeps the keys it has, and carries traffic as before.',
    nextStep: `Check that outgoing UDP to ports 51829–51836 is allowed, then run "mole rotate ${slot}".`,
  })

/**
 * Gives a tunnel new keys at both ends: the new lane carries before the old one is taken down, so that nothing is lost.
 * Whatever fails before that leaves the tunnel as it was.
 * @throws MoleError why the tunnel keeps its keys.
 */
export const rotateTunnel = async (rotation: Rotation, slot: number): Promise<void> => {
  const { signal } = rotation.context
  await settleTunnel(rotation, slot)
  const before = recorded(rotation, slot)
  const carrying = endOf(before, slot, 'carrying')
  if (carrying === null) throw new MoleError('not-found', `The keys of tunnel ${slot} are not known.`)
  if (before.hostKeys !== null && before.hostKeys !== (await trustedDigest(rotation, before)))
    throw lostKeys(before.index)
  try {
    await makeLane(rotation, carrying)
  } catch (error) {
    signal.throwIfAborted()
    // What cannot be taken back now is taken back later: it is on record.
    await settleTunnel(rotation, slot).catch(() => undefined)
    throw error
  }
  await settleTunnel(rotation, slot)
  if (endOf(recorded(rotation, slot), slot, 'carrying')?.lane === carrying.lane) throw unanswered(slot)
}
