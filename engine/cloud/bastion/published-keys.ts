import { MoleError } from '../../../contract/errors.ts'
import { WireGuardKey } from '../../../domain/host-state.ts'

/** One end a bastion published on its console. */
export type PublishedKey = {
  readonly slot: number
  /** A bastion boots with the first lane of each slot. */
  readonly lane: 0
  readonly port: number
  readonly publicKey: string
}

/** What a bastion's console says so far. */
export type Publication = {
  /** By slot, ascending. */
  readonly keys: readonly PublishedKey[]
  /** The boot script came to its end. */
  readonly ready: boolean
  /** Exit code of a boot script that gave up; `null` while it has not. */
  readonly failedWithCode: number | null
  /** It saw no handshake for the length of its lease, and ended itself. */
  readonly leaseEnded: boolean
}

// A console prefixes lines ("[   12.3] cloud-init[88]: ") and ends them with \r\n, so the match floats; `key=` must be whole.
const KEY_LINE =
  /mole-bastion-key v1 slot=([1-9][0-9]?) port=([1-9][0-9]{3,4}) key=([A-Za-z0-9+/]{43}=)(?![A-Za-z0-9+/=])/g
const READY_LINE = /mole-bastion-ready v1 slots=([1-9][0-9]?)(?![0-9])/g
const FAILED_LINE = /mole-bastion-failed v1 exit=([1-9][0-9]{0,2})(?![0-9])/g
const LEASE_LINE = 'mole-bastion-lease v1 ended'

/** A line still being printed is not read: its last number might be cut. */
const completeLines = (text: string): string => text.slice(0, text.lastIndexOf('\n') + 1)

const changedKey = (slot: number): MoleError =>
  new MoleError('drift', `The bastion published two different keys for tunnel ${slot}.`, {
    field: `tunnel ${slot}`,
    meaning: 'Somebody else may be answering in its place, so no tunnel was connected to it.',
    nextStep: 'Tear the deployment down and deploy again.',
  })

const readKeys = (text: string, slots: readonly number[]): PublishedKey[] => {
  const keys = new Map<number, PublishedKey>()
  for (const [, slotText, portText, publicKey = ''] of text.matchAll(KEY_LINE)) {
    const [slot, port] = [Number(slotText), Number(portText)]
    if (!slots.includes(slot) || port > 65_535 || !WireGuardKey.safeParse(publicKey).success) continue
    const known = keys.get(slot)
    if (known !== undefined && (known.publicKey !== publicKey || known.port !== port)) throw changedKey(slot)
    keys.set(slot, { slot, lane: 0, port, publicKey })
  }
  return [...keys.values()].sort((a, b) => a.slot - b.slot)
}

/** Whether the first `count` of the slots have a key each. */
const isComplete = (keys: readonly PublishedKey[], slots: readonly number[], count: number): boolean =>
  count > 0 && slots.slice(0, count).every((slot) => keys.some((key) => key.slot === slot))

/**
 * Reads a bastion's console: the keys it published and whether it is ready. A line printed twice (the serial
 * console and cloud-init's log) counts once; text around the lines is ignored.
 * @param slots the bastion's own slots, ascending (`slotsOfBastion`); keys for others are passed over.
 * @throws MoleError `drift` when one slot has two keys.
 */
export const parsePublishedKeys = (consoleText: string, slots: readonly number[]): Publication => {
  const text = completeLines(consoleText)
  const keys = readKeys(text, slots)
  const count = Number([...text.matchAll(READY_LINE)].at(-1)?.[1] ?? 0)
  // An AWS instance boots again after a failure, so a later "ready" outweighs it.
  const failedAt = [...text.matchAll(FAILED_LINE)].at(-1)
  const readyAt = text.lastIndexOf('mole-bastion-ready')
  return {
    keys,
    ready: isComplete(keys, slots, count),
    failedWithCode: failedAt !== undefined && failedAt.index > readyAt ? Number(failedAt[1]) : null,
    leaseEnded: text.lastIndexOf(LEASE_LINE) > readyAt,
  }
}
