import { bastionOfSlot } from '../../domain/tunnel-plan.ts'
import type { Health } from './view.ts'

/**
 * The slots that should carry no new flows: those of every bastion that is known to be gone, or through none of whose
 * tunnels an echo comes back while one comes back through another bastion's. Never all of them: with nothing to turn to
 * the route stays as it is. Pure.
 */
export const restingSlots = (
  slots: readonly number[],
  health: ReadonlyMap<number, Health>,
  goneBastions: ReadonlySet<number>,
): Set<number> => {
  const bastions = [...new Set(slots.map(bastionOfSlot))]
  const of = (bastion: number): number[] => slots.filter((slot) => bastionOfSlot(slot) === bastion)
  const isSilent = (bastion: number): boolean => of(bastion).every((slot) => health.get(slot) === 'silent')
  const resting = bastions.filter((bastion) => goneBastions.has(bastion) || isSilent(bastion))
  return resting.length === bastions.length ? new Set() : new Set(resting.flatMap(of))
}
