import { bastionOfSlot, MAX_TUNNELS_PER_BASTION } from '../../../domain/tunnel-plan.ts'

/** Where each bastion begins in the palette: far apart, so that colours repeat only beyond eight tunnels in all. */
const FIRST_COLOURS = [0, 4, 2, 6, 1, 5, 3, 7] as const

/** Colour of a tunnel, by its global slot, as a CSS value. With one bastion slot N has colour N. */
export const tunnelColour = (slot: number): string => {
  const first = FIRST_COLOURS[bastionOfSlot(slot) - 1] ?? 0
  return `var(--tunnel-${((slot - 1 + first) % MAX_TUNNELS_PER_BASTION) + 1})`
}
