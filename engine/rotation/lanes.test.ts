import { describe, expect, it } from 'vitest'
import type { PinnedEnd } from '../store/deployment-table.ts'
import { endOf, freeLane, unsettledSlots, withJoining, withoutSpare, withSpare, withSwitched } from './lanes.ts'

const old = (slot: number): PinnedEnd => ({
  slot,
  lane: 0,
  publicKey: `old ${slot}`,
  address: 'a',
  port: slot,
  role: 'carrying',
  sinceMs: 1,
  renewed: false,
})
const START = { ends: [old(1), old(2)], spares: [] }
const LANE = { slot: 1, lane: 1 } as const
const MADE = { ...LANE, publicKey: 'new 1', address: 'a', port: 9, sinceMs: 2 }

describe('lanes', () => {
  it('go from one to the other in stages, in each of which one end of the slot carries', () => {
    expect(freeLane(old(1))).toEqual(LANE)
    const making = withSpare(START, LANE)
    const joining = withJoining(making, MADE)
    const switched = withSwitched(joining, 1)
    const parted = withSpare(switched, old(1))
    const done = withoutSpare(parted, old(1))
    const told = [START, making, joining, switched, parted, done].map((stage) => [
      endOf(stage, 1, 'carrying')?.publicKey,
      endOf(stage, 1, 'joining')?.publicKey,
      endOf(stage, 1, 'leaving')?.publicKey,
      stage.spares,
      unsettledSlots(stage),
    ])
    expect(told).toEqual([
      ['old 1', undefined, undefined, [], []],
      ['old 1', undefined, undefined, [LANE], [1]],
      ['old 1', 'new 1', undefined, [], [1]],
      ['new 1', undefined, 'old 1', [], [1]],
      ['new 1', undefined, undefined, [{ slot: 1, lane: 0 }], [1]],
      ['new 1', undefined, undefined, [], []],
    ])
    expect(done.ends).toEqual([{ ...MADE, role: 'carrying', renewed: true }, old(2)])
    expect(freeLane(done.ends?.[0] ?? old(1))).toEqual({ slot: 1, lane: 0 })
  })

  it('that never answered leave what was there', () => {
    const given = withoutSpare(withSpare(withJoining(withSpare(START, LANE), MADE), LANE), LANE)
    expect(given).toEqual(START)
  })
})
