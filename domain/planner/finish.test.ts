import { describe, expect, it } from 'vitest'
import type { Rate } from './capacity.ts'
import { finishOf } from './finish.ts'
import { shippedTable } from './testing/shipped-table.ts'

const rules = { ...shippedTable.network, burstMinutes: { least: 5, most: 60 } }
const rate = (bitsPerSecond: number): Rate => ({ bitsPerSecond, binds: 'instance', limits: [] })

describe('when a transfer is through', () => {
  it('is one moment without a burst', () => {
    expect(finishOf(1e9, { steady: rate(8e9), burst: null }, rules)).toEqual({ earliestSeconds: 1, latestSeconds: 1 })
  })

  it('is within the burst where it is short', () => {
    const { earliestSeconds, latestSeconds } = finishOf(1e9, { steady: rate(1e6), burst: rate(8e9) }, rules)
    expect([earliestSeconds, latestSeconds]).toEqual([1, 8000])
  })

  it('goes on steadily after the longest burst', () => {
    // 3,600 s at 2 Gbit/s are 900 GB; the other 100 GB take 800 s at 1 Gbit/s.
    const { earliestSeconds, latestSeconds } = finishOf(1e12, { steady: rate(1e9), burst: rate(2e9) }, rules)
    expect([earliestSeconds, latestSeconds]).toEqual([4400, 8000])
  })
})
