import { MoleError } from '../../../contract/errors.ts'
import { WireGuardKey } from '../../../domain/host-state.ts'

/** One end a bastion published on its console. */
export type PublishedKey = { readonly slot: number; readonly port: number; readonly publicKey: string }

/** What a bastion's console says so far. */
export type Publication = {
  /** By slot, ascending. */
  readonly keys: readonly PublishedKey[]
  /** The boot script came to its end. */
  readonly ready: boolean
  /** Exit code of a boot script that gave up; `null` while it has not. */
  readonly failedWithCode: number | null
}

// A console prefixes lines ("[   12.3] cloud-init[88]: ") and ends them with \r\n, so the match floats; `key=` must be whole.
const KEY_LINE =
  /mole-bastion-key v1 slot=([1-9][0-9]?) port=([1-9][0-9]{3,4}) key=([A-Za-z0-9+/]{43}=)(?![A-Za-z0-9+/=])/g
const READY_LINE = /mole-bastion-ready v1 slots=([1-9][0-9]?)(?![0-9])/g
const FAILED_LINE = /mole-bastion-failed v1 exit=([1-9][0-9]{0,2})(?![0-9])/g

/** A line still being printed is not read: its last number might be cut. */
const completeLines = (text: string): string => text.slice(0, text.lastIndexOf('\n') + 1)

const changedKey = (slot: number): MoleError =>
  new MoleError('drift', `The bastion published two different keys for tunnel ${slot}.`, {
    field: `tunnel ${slot}`,
    meaning: 'Somebody else may be answering in its place, so no tunnel was connected to it.',
    nextStep: 'Tear the deployment down and deploy again.',
  })

const readKeys = (text: string): PublishedKey[] => {
  const keys = new Map<number, PublishedKey>()
  for (const [, slotText, portText, publicKey = ''] of text.matchAll(KEY_LINE)) {
    const [slot, port] = [Number(slotText), Number(portText)]
    if (port > 65_535 || !WireGuardKey.safeParse(publicKey).success) continue
    const known = keys.get(slot)
    if (known !== undefined && (known.publicKey !== publicKey || known.port !== port)) throw changedKey(slot)
    keys.set(slot, { slot, port, publicKey })
  }
  return [...keys.values()].sort((a, b) => a.slot - b.slot)
}

/**
 * Reads a bastion's console: the keys it published and whether it is ready. A line printed twice (the serial
 * console and cloud-init's log) counts once; text around the lines is ignored.
 * @throws MoleError `drift` when one slot has two keys.
 */
export const parsePublishedKeys = (consoleText: string): Publication => {
  const text = completeLines(consoleText)
  const keys = readKeys(text)
  const slots = Number([...text.matchAll(READY_LINE)].at(-1)?.[1] ?? Number.NaN)
  // An AWS instance boots again after a failure, so a later "ready" outweighs it.
  const failedAt = [...text.matchAll(FAILED_LINE)].at(-1)
  const readyAt = text.lastIndexOf('mole-bastion-ready')
  return {
    keys,
    ready:
      Array.from({ length: slots || 0 }, (_, at) => at + 1).every((slot) => keys.some((key) => key.slot === slot)) &&
      slots > 0,
    failedWithCode: failedAt !== undefined && failedAt.index > readyAt ? Number(failedAt[1]) : null,
  }
}
