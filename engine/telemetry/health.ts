import type { InterfaceSample } from '../../contract/helper.ts'
import { slotOfInterface, slotOfLane } from '../../domain/ours.ts'
import type { Health } from '../deployment/view.ts'

/**
 * A tunnel is called silent after three samples without an echo. Samples come once a second, give or take; half a
 * second less than three keeps a sample that is a millisecond early from costing a fourth second.
 */
export const SILENT_AFTER_MS = 2500

/** When each tunnel was last heard, or, before that, first waited for (monotonic milliseconds). */
export type Hearing = ReadonlyMap<number, { readonly atMs: number; readonly heard: boolean }>

const heardSlots = (interfaces: readonly InterfaceSample[]): Set<number> =>
  new Set(
    interfaces.flatMap(({ name, rttMs }) => {
      const number = slotOfInterface(name)
      return number === null || rttMs === null ? [] : [slotOfLane(number)]
    }),
  )

/** Takes a sample in; only the `slots` planned are kept. Pure. */
export const listen = (
  before: Hearing,
  slots: readonly number[],
  interfaces: readonly InterfaceSample[],
  nowMs: number,
): Hearing => {
  const heard = heardSlots(interfaces)
  return new Map(
    slots.map((slot) => [
      slot,
      heard.has(slot) ? { atMs: nowMs, heard: true } : (before.get(slot) ?? { atMs: nowMs, heard: false }),
    ]),
  )
}

/** The verdict on each tunnel at `nowMs`. Pure. */
export const judgeHealth = (hearing: Hearing, nowMs: number): ReadonlyMap<number, Health> =>
  new Map(
    [...hearing].map(
      ([slot, { atMs, heard }]) =>
        [slot, nowMs - atMs >= SILENT_AFTER_MS ? 'silent' : heard ? 'up' : 'unknown'] as const,
    ),
  )

/** The tunnels whose health is another than before, with the new one. Pure. */
export const healthChanges = (
  before: ReadonlyMap<number, Health>,
  now: ReadonlyMap<number, Health>,
): [number, Health][] => [...now].filter(([slot, health]) => before.get(slot) !== health)
