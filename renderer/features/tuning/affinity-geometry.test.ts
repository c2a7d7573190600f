import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { freeCores, layOutAffinity, renderCores } from './affinity-geometry.ts'

const load = (cores: number, pinned: readonly (readonly number[])[]) => ({
  cores: Array.from({ length: cores }, (_, core) => ({ core, numaNode: 0, busyRatio: null })),
  tunnels: pinned.map((own, at) => ({ name: `mole${at + 1}`, cores: [...own], coreRatio: null, memoryBytes: null })),
})

describe('the affinity map', () => {
  it('fits where there is room, and keeps columns and rows apart anywhere', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 300, max: 2000 }),
        fc.integer({ min: 1, max: 256 }),
        fc.integer({ min: 0, max: 64 }),
        (room, cores, tunnels) => {
          const map = layOutAffinity(room, cores, tunnels)
          expect(map.columns).toHaveLength(cores)
          expect(map.rows).toHaveLength(tunnels)
          expect(map.column).toBeGreaterThanOrEqual(15)
          for (const x of map.columns) expect(x + map.column).toBeLessThanOrEqual(map.figures)
          for (const y of map.rows) expect(y).toBeLessThan(map.height)
          if (map.column > 15) expect(map.width).toBeLessThanOrEqual(room)
        },
      ),
    ))
})

describe('cores that are kept free', () => {
  it('are those no pinned tunnel uses', () => expect(freeCores(load(4, [[2], [3], [2, 3]]))).toEqual([0, 1]))
  it('are none while nothing is pinned', () => expect(freeCores(load(4, [[], []]))).toEqual([]))
})

it('says cores as ranges', () =>
  expect([[], [3], [0, 1, 4], [7, 6, 5, 1]].map(renderCores)).toEqual(['', '3', '0–1, 4', '1, 5–7']))
