import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ASSUMPTIONS } from './conditions.ts'
import { hourlyCostOf, tieredUsd, transferUsd } from './cost.ts'
import { pricesIn, shippedTable } from './testing/shipped-table.ts'

const tiers = [
  { upToGb: 10, usdPerGb: 0.9 },
  { upToGb: 50, usdPerGb: 0.5 },
  { upToGb: null, usdPerGb: 0.1 },
]

describe('data transfer by tiers', () => {
  it.each([
    [0, 0],
    [4, 3.6],
    [10, 9],
    [11, 9.5],
    [150, 9 + 20 + 10],
  ])('of %d GB costs %d', (gb, usd) => {
    expect(tieredUsd(gb, tiers)).toBeCloseTo(usd, 9)
  })

  it('is never negative, never falls, and never costs more together than apart', () => {
    const volume = fc.double({ min: 0, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(volume, volume, (a, b) => {
        expect(tieredUsd(a, tiers)).toBeGreaterThanOrEqual(0)
        expect(tieredUsd(a + b, tiers)).toBeGreaterThanOrEqual(tieredUsd(a, tiers) - 1e-6)
        expect(tieredUsd(a + b, tiers)).toBeLessThanOrEqual(tieredUsd(a, tiers) + tieredUsd(b, tiers) + 1e-6)
      }),
    )
  })

  it('is free into AWS, and unknown out of a region without a price', () => {
    expect(transferUsd(1e15, { direction: 'upload' }, pricesIn('eu-west-1'))).toBe(0)
    expect(transferUsd(1e9, { direction: 'download' }, pricesIn('eu-west-1'))).toBeNull()
    expect(transferUsd(1e12, { direction: 'download' }, pricesIn('us-east-1'))).toBeCloseTo(90, 6)
  })
})

describe('an hour', () => {
  it('adds up, of its parts and of its instances', () => {
    for (const prices of shippedTable.regions.values()) {
      for (const name of prices.onDemandUsdPerHour.keys()) {
        const one = hourlyCostOf(name, 1, prices, ASSUMPTIONS)
        const five = hourlyCostOf(name, 5, prices, ASSUMPTIONS)
        if (one === null || five === null) throw new Error(name)
        expect(one.instancesUsd + one.publicIpv4Usd + one.diskUsd).toBeCloseTo(one.totalUsd, 12)
        expect(five.totalUsd).toBeCloseTo(5 * one.totalUsd, 9)
        expect(Math.min(one.instancesUsd, one.publicIpv4Usd, one.diskUsd)).toBeGreaterThan(0)
      }
    }
  })

  it('is not known of a type the region has no price of', () => {
    expect(hourlyCostOf('x9.huge', 1, pricesIn('us-west-2'), ASSUMPTIONS)).toBeNull()
  })
})
