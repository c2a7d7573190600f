import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { burstEnd } from './burst.ts'

const seconds = (...rates: readonly number[]) =>
  rates.map((rate, at) => ({ seconds: at + 1, bitsPerSecond: rate * 1e6 }))

describe('burstEnd', () => {
  it('finds where a rate fell for good', () => {
    const end = burstEnd(seconds(188, 191, 190, 189, 49, 48, 50, 49, 47, 48))
    expect(end?.afterSeconds).toBe(4)
    expect((end?.before ?? 0) / 1e6).toBeCloseTo(189.5, 0)
    expect((end?.after ?? 0) / 1e6).toBeCloseTo(48.5, 0)
  })

  it.each([
    ['a rise', seconds(48, 49, 48, 50, 188, 190, 191, 189)],
    ['one bad second', seconds(190, 190, 190, 190, 20, 190, 190, 190, 190, 190)],
    ['the end of a run', seconds(190, 190, 190, 190, 190, 190, 190, 190, 20, 20)],
    ['a rate that swings', seconds(190, 20, 180, 30, 200, 40, 20, 60, 10, 50)],
    ['a slow decline', seconds(100, 96, 92, 90, 87, 84, 82, 80, 78, 76)],
    ['a run that is too short', seconds(190, 190, 190, 50, 50, 50)],
    ['nothing', []],
  ])('does not take it for %s', (_, intervals) => {
    expect(burstEnd(intervals)).toBeNull()
  })

  it('finds none in a rate that differs by a tenth', () => {
    const rates = fc.array(fc.double({ min: 90, max: 110, noNaN: true }), { maxLength: 40 })
    fc.assert(
      fc.property(rates, (values) => {
        expect(burstEnd(seconds(...values))).toBeNull()
      }),
    )
  })
})
