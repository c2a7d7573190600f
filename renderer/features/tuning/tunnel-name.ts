import { interfaceName, slotOfInterface, slotOfLane } from '../../../domain/ours.ts'

/** The tunnel that an interface belongs to, whichever of its lanes that is; `null` when it is none of ours. */
export const slotOf = (name: string): number | null => {
  const number = slotOfInterface(name)
  return number === null ? null : slotOfLane(number)
}

/** What people call the tunnel of an interface: `mole1` also while its keys are those of `mole101`. */
export const tunnelName = (name: string): string => {
  const slot = slotOf(name)
  return slot === null ? name : interfaceName(slot)
}
