import type { Lane } from '../../domain/ours.ts'
import type { BastionRecord, LaneOf, PinnedEnd } from '../store/deployment-table.ts'

/**
 * What is remembered of a bastion while keys of its tunnels are replaced. Each stage is written down before it is made so,
 * and each can be gone on from: a lane is spare (being made), its end joins, then carries while the one before it leaves,
 * and that one's lane is spare again (being taken away). All pure.
 */
type Lanes = Pick<BastionRecord, 'ends' | 'spares'>

const isLane =
  ({ slot, lane }: LaneOf) =>
  (other: LaneOf): boolean =>
    other.slot === slot && other.lane === lane

const isNot = (lane: LaneOf): ((other: LaneOf) => boolean) => {
  const is = isLane(lane)
  return (other) => !is(other)
}

const endsIn = ({ ends }: Lanes): readonly PinnedEnd[] => ends ?? []

const inOrder = (ends: readonly PinnedEnd[]): PinnedEnd[] => ends.toSorted((a, b) => a.slot - b.slot || a.lane - b.lane)

export const endOf = (lanes: Lanes, slot: number, role: PinnedEnd['role']): PinnedEnd | null =>
  endsIn(lanes).find((end) => end.slot === slot && end.role === role) ?? null

export const freeLane = ({ slot, lane }: LaneOf): LaneOf => ({ slot, lane: (1 - lane) as Lane })

/** The lane is being made, or taken away, with whatever end it had. */
export const withSpare = (lanes: Lanes, lane: LaneOf): Lanes => ({
  ends: lanes.ends === null ? null : lanes.ends.filter(isNot(lane)),
  spares: [...lanes.spares.filter(isNot(lane)), { slot: lane.slot, lane: lane.lane }],
})

export const withoutSpare = ({ ends, spares }: Lanes, lane: LaneOf): Lanes => ({
  ends,
  spares: spares.filter(isNot(lane)),
})

/** The lane was made: its end is up from now on, and carries nothing yet. */
export const withJoining = (lanes: Lanes, end: Omit<PinnedEnd, 'role' | 'renewed'>): Lanes => ({
  ends: inOrder([...endsIn(lanes).filter(isNot(end)), { ...end, role: 'joining', renewed: true }]),
  spares: lanes.spares.filter(isNot(end)),
})

/** The end that joined carries from now on, and the one that carried leaves. */
export const withSwitched = (lanes: Lanes, slot: number): Lanes => ({
  ...lanes,
  ends: endsIn(lanes).map((end) => {
    if (end.slot !== slot) return end
    return { ...end, role: end.role === 'joining' ? 'carrying' : 'leaving' }
  }),
})

/** Slots of which a lane is not what it is to be in the end: their rotation was not finished. */
export const unsettledSlots = (lanes: Lanes): number[] => {
  const ends = endsIn(lanes).filter(({ role }) => role !== 'carrying')
  return [...new Set([...ends, ...lanes.spares].map(({ slot }) => slot))].sort((a, b) => a - b)
}
