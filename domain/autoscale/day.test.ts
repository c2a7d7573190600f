import { describe, expect, it } from 'vitest'
import { changesOf, type Demand, simulate } from './testing/simulate.ts'

const MBIT = 1e6
const at = (hour: number, minute = 0, second = 0): number => ((hour * 60 + minute) * 60 + second) * 1000

const NOTHING: Demand = { bitsPerSecond: 0, flows: 0 }

/** A day of a data transfer node: until then, what was wanted. */
const DAY: readonly (readonly [untilMs: number, demand: Demand | ((atMs: number) => Demand)])[] = [
  // Four tunnels to begin with, and nothing to judge them by.
  [at(2), NOTHING],
  // Work at night that is held back by its own ends, and a trickle after it.
  [at(3), { bitsPerSecond: 20 * MBIT, flows: 10, heldBack: true }],
  [at(8), { bitsPerSecond: 2 * MBIT, flows: 5, heldBack: true }],
  // A morning that grows beyond what one tunnel carries …
  [at(9), { bitsPerSecond: 90 * MBIT, flows: 6 }],
  // … to a run that takes all there is,
  [at(11), { bitsPerSecond: 2000 * MBIT, flows: 32 }],
  // ebbs,
  [at(12), { bitsPerSecond: 250 * MBIT, flows: 16 }],
  // and leaves one flow, which no second tunnel can help.
  [at(13), (atMs) => ({ bitsPerSecond: 300 * MBIT, flows: 1, flowBytes: ((atMs - at(12)) / 1000) * 12.5 * MBIT })],
  [at(15), { bitsPerSecond: 30 * MBIT, flows: 4, heldBack: true }],
  // Three elephants for a disk at the far end that takes no more: each has moved 100 MiB after 42 s.
  [
    at(16),
    (atMs) => ({
      bitsPerSecond: 300 * MBIT,
      beyond: 60 * MBIT,
      flows: 3,
      flowBytes: ((atMs - at(15)) / 1000) * 2.5 * MBIT,
    }),
  ],
  [at(18), NOTHING],
  // One elephant over Multipath TCP, which uses every tunnel there is.
  [
    at(19),
    (atMs) => ({
      bitsPerSecond: 1000 * MBIT,
      flows: 1,
      spreads: true,
      flowBytes: ((atMs - at(18)) / 1000) * 12.5 * MBIT,
    }),
  ],
  [at(24), NOTHING],
]

const demandAt = (atMs: number): Demand => {
  const demand = DAY.find(([untilMs]) => atMs < untilMs)?.[1] ?? NOTHING
  return typeof demand === 'function' ? demand(atMs) : demand
}

const day = simulate({ begin: 4, capacity: 100 * MBIT, shared: 1000 * MBIT, lastMs: at(24), demand: demandAt })

describe('a day of load, by the thresholds, interval and cooldowns of the specification', () => {
  it('changes the number of tunnels exactly so', () => {
    expect(changesOf(day)).toEqual([
      '03:10:30 down 4→1',
      '09:00:30 up 1→2',
      '09:02:30 up 2→4',
      '09:04:30 up 4→8',
      '12:10:30 down 8→4',
      '12:21:00 down 4→2',
      '13:10:30 down 2→1',
      '15:00:42 up 1→2',
      '15:03:00 revert 2→1',
      '18:00:09 up 1→2',
      '18:02:30 up 2→4',
      '18:04:30 up 4→8',
      '19:10:30 down 8→1',
    ])
  })

  it('says what each step up gave', () => {
    expect(day.outcomes).toEqual([
      'Goodput rose: 100 Mbit/s before, 200 Mbit/s after.',
      'Goodput rose: 200 Mbit/s before, 400 Mbit/s after.',
      'Goodput rose: 400 Mbit/s before, 800 Mbit/s after.',
      'Goodput did not rise: 60.0 Mbit/s before, 60.0 Mbit/s after. Taken back.',
      'Goodput rose: 100 Mbit/s before, 200 Mbit/s after.',
      'Goodput rose: 200 Mbit/s before, 400 Mbit/s after.',
      'Goodput rose: 400 Mbit/s before, 800 Mbit/s after.',
    ])
  })

  it('gives each decision one sentence with figures', () => {
    const reasonAt = (atMs: number): string | undefined => day.decisions.find((each) => each.atMs === atMs)?.reason
    expect(reasonAt(at(1))).toBe('Utilisation is not known, for nothing was carried yet (0.00 Mbit/s over 4 tunnels).')
    expect(reasonAt(at(9, 2, 30))).toBe('Utilisation is 100 % (200 Mbit/s of 2 × 100 Mbit/s), above 80 %.')
    expect(reasonAt(at(10))).toBe(
      'Utilisation is 100 % (800 Mbit/s of 8 × 100 Mbit/s), above 80 %; but: 8 are the most.',
    )
    expect(reasonAt(at(12, 30))).toBe('Utilisation is 50 % (100 Mbit/s of 2 × 100 Mbit/s), between 30 % and 80 %.')
    expect(reasonAt(at(15, 0, 42))).toBe(
      '3 elephant flows have moved up to 105 MB, and 3 flows could use a tunnel each.',
    )
    expect(reasonAt(at(15, 3))).toBe(
      'The step from 1 tunnel to 2 did not raise goodput: 60.0 Mbit/s before, 60.0 Mbit/s after, while more was still wanted; it is taken back.',
    )
    expect(reasonAt(at(15, 30))).toMatch(
      /^3 elephant flows .*; but the last step up gave nothing, and nothing has changed since; it is tried again in 33\.0 min\.$/,
    )
  })
})
