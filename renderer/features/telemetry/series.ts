import { interfaceName } from '../../../domain/ours.ts'
import { bastionOfSlot, firstSlotOf } from '../../../domain/tunnel-plan.ts'
import { tunnelColour } from './tunnel-colour.ts'

/** One band of the throughput chart, and one entry of its legend. */
export type Series = {
  readonly name: string
  readonly colour: string
  /** The tunnels it adds up. */
  readonly slots: readonly number[]
}

/** Bands a person can tell apart; the palette has as many colours. */
const MOST_SERIES = 8

/** One for each tunnel; where they are too many to be told apart, one for each bastion. */
export const seriesOf = (slots: readonly number[]): Series[] => {
  if (slots.length <= MOST_SERIES)
    return slots.map((slot) => ({ name: interfaceName(slot), colour: tunnelColour(slot), slots: [slot] }))
  const groups = Map.groupBy(slots, bastionOfSlot)
  return [...groups].map(([bastion, own]) => ({
    name: `bastion ${bastion}`,
    colour: tunnelColour(firstSlotOf(bastion)),
    slots: own,
  }))
}
