import type { InterfaceSample } from '../../contract/helper.ts'
import { slotOfInterface, slotOfLane } from '../../domain/ours.ts'
import type { Health } from '../deployment/view.ts'

/** What the helper has found of a tunnel: of the lane that carries, where it has two. */
export type TunnelHealth = { readonly health: Health; readonly carries: boolean }

const HEALTH: Readonly<Record<InterfaceSample['verdict'], Health>> = {
  unknown: 'unknown',
  up: 'up',
  degraded: 'degraded',
  dead: 'silent',
}

const isOfSlot = (slot: number, name: string): boolean => {
  const number = slotOfInterface(name)
  return number !== null && slotOfLane(number) === slot
}

/** Of two lanes the one that carries; of two that do not, one that lives. */
const chosenLane = (lanes: readonly InterfaceSample[]): InterfaceSample | undefined =>
  lanes.find(({ carries }) => carries) ?? lanes.find(({ verdict }) => verdict !== 'dead') ?? lanes[0]

/**
 * The health of each of the `slots` planned. "Not measured yet" says nothing against what was found before; a tunnel whose
 * interface has gone is silent. Pure.
 */
export const readHealth = (
  before: ReadonlyMap<number, Health>,
  slots: readonly number[],
  interfaces: readonly InterfaceSample[],
): ReadonlyMap<number, TunnelHealth> =>
  new Map(
    slots.map((slot) => {
      const known = before.get(slot) ?? 'unknown'
      const lane = chosenLane(interfaces.filter(({ name }) => isOfSlot(slot, name)))
      if (lane === undefined) return [slot, { health: known === 'unknown' ? known : 'silent', carries: false }]
      const health = HEALTH[lane.verdict]
      return [slot, { health: health === 'unknown' ? known : health, carries: lane.carries }]
    }),
  )
