import type { HostLoad } from '../../../contract/helper.ts'
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

/** The tunnels by their numbers, whichever keys they have; by the names of their interfaces the renewed ones come last. */
export const inOrder = <Load extends Pick<HostLoad, 'tunnels'>>(load: Load): Load => ({
  ...load,
  tunnels: load.tunnels.toSorted((a, b) => (slotOf(a.name) ?? 0) - (slotOf(b.name) ?? 0)),
})
