import type { HostState } from '../domain/host-state.ts'
import { OURS, slotOfInterface, slotOfLane } from '../domain/ours.ts'

/** How new connections are dealt out, one tunnel after the other. Slots and networks ascend, so that equal deals compare equal. */
export type Deal = {
  readonly slots: readonly number[]
  readonly networks: readonly string[]
  /** Source address of this host's own connections. */
  readonly source: string
}

/** The deal that `desired` asks for; `null` where the kernel's hash does it, or nothing carries. Pure. */
export const dealOf = ({ spread, routes, active, sourceAddress }: HostState): Deal | null => {
  if (spread !== 'round-robin' || routes.length === 0 || active.length === 0 || sourceAddress === null) return null
  const slots = new Set(active.map((name) => slotOfLane(slotOfInterface(name) ?? 0)))
  return { slots: [...slots].toSorted((a, b) => a - b), networks: routes.toSorted(), source: sourceAddress }
}

/** Bits of a mark that say that it is ours; that it was dealt among the same slots; which of them. */
export const MARK_MASKS = { ours: 0xffff0000, round: 0xffffff00, slot: 0xffff00ff } as const

/**
 * A number from 0 to 250 that tells one set of slots from another (by chance not: then connections stay where they are).
 * It is part of each mark, so that connections are dealt anew when there are more tunnels, or fewer.
 */
const roundOf = (slots: readonly number[]): number => slots.reduce((sum, slot) => (sum * 113 + slot + 1) % 251, 0)

/** What the marks of connections dealt among `slots` have in common. */
export const markRound = (slots: readonly number[]): number => OURS.markBase + roundOf(slots) * 256

/** Mark of a tunnel (lane number) without its round. It goes by the slot: its connections stay with it when its keys are replaced. */
export const markOf = (number: number): number => OURS.markBase + slotOfLane(number)

/** Slot that a mark was dealt to; `null` when it is no mark of ours. */
export const slotOfMark = (mark: number): number | null =>
  (mark & MARK_MASKS.ours) >>> 0 === OURS.markBase ? mark & 0xff : null
