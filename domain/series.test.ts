import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { axisTicks, median, readableCeiling, stacked, steadyCeiling, visibleIndices } from './series.ts'

const values = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.double({ min: 0, max: 1e11, noNaN: true }) },
    { weight: 1, arbitrary: fc.constant(Number.NaN) },
  ),
  {
    maxLength: 400,
  },
)
const measured = (all: readonly number[]): number[] => all.filter((value) => !Number.isNaN(value))

describe('visibleIndices', () => {
  it('is ascending, in range and without repeats', () =>
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 50 }), (all, buckets) => {
        const indices = visibleIndices(all, buckets)
        expect(indices).toEqual([...new Set(indices)].sort((a, b) => a - b))
        expect(indices.every((index) => index >= 0 && index < all.length)).toBe(true)
      }),
    ))

  it('draws at most four points a bucket', () =>
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 50 }), (all, buckets) => {
        expect(visibleIndices(all, buckets).length).toBeLessThanOrEqual(buckets * 4)
      }),
    ))

  it('keeps the highest and the lowest value, however few the buckets', () =>
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 20 }), (all, buckets) => {
        fc.pre(measured(all).length > 0)
        const kept = measured(visibleIndices(all, buckets).map((index) => all[index] as number))
        expect(Math.max(...kept)).toBe(Math.max(...measured(all)))
        expect(Math.min(...kept)).toBe(Math.min(...measured(all)))
      }),
    ))

  it('keeps a spike of one sample in 3600', () => {
    const flat = Array.from({ length: 3600 }, () => 5)
    flat[1234] = 900
    expect(visibleIndices(flat, 100)).toContain(1234)
  })

  it('keeps both ends, so that the line reaches the edges', () => {
    const ramp = Array.from({ length: 1000 }, (_, index) => index)
    const indices = visibleIndices(ramp, 10)
    expect([indices[0], indices.at(-1)]).toEqual([0, 999])
  })

  it('draws nothing into nothing', () => {
    expect(visibleIndices([], 10)).toEqual([])
    expect(visibleIndices([1, 2, 3], 0)).toEqual([])
  })
})

describe('readableCeiling', () => {
  it.each([
    [731_000_000, 1_000_000_000],
    [183_000_000, 200_000_000],
    [210_000_000, 250_000_000],
    [250_000_000, 250_000_000],
    [0.3, 0.5],
    [0, 1],
    [Number.NaN, 1],
  ])('of %d is %d', (value, ceiling) => expect(readableCeiling(value)).toBeCloseTo(ceiling, 6))

  it('is never below the value and never more than 2.5 times it', () =>
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (value) => {
        const ceiling = readableCeiling(value)
        expect(ceiling).toBeGreaterThanOrEqual(value * (1 - 1e-9))
        expect(ceiling).toBeLessThanOrEqual(value * 2.5)
      }),
    ))
})

describe('steadyCeiling', () => {
  it('does not move while the peak fits and fills enough of it', () => {
    expect(steadyCeiling(1000, 980, 10)).toBe(1000)
    expect(steadyCeiling(1000, 400, 10)).toBe(1000)
  })
  it('grows when the peak does not fit, shrinks when it has become small, never below the floor', () => {
    expect(steadyCeiling(1000, 1100, 10)).toBe(2000)
    expect(steadyCeiling(1000, 90, 10)).toBe(100)
    expect(steadyCeiling(1000, 0, 10)).toBe(10)
  })
  it('always shows the peak, and settles at once', () =>
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e12, noNaN: true }),
        fc.double({ min: 0, max: 1e12, noNaN: true }),
        (current, peak) => {
          const next = steadyCeiling(current, peak, 1e6)
          expect(next).toBeGreaterThanOrEqual(peak)
          expect(steadyCeiling(next, peak, 1e6)).toBe(next)
        },
      ),
    ))
})

describe('axisTicks', () => {
  it('splits the axis into readable steps', () => {
    expect(axisTicks(1000)).toEqual([0, 200, 400, 600, 800, 1000])
    expect(axisTicks(200)).toEqual([0, 50, 100, 150, 200])
    expect(axisTicks(250)).toEqual([0, 50, 100, 150, 200, 250])
  })
})

describe('stacked', () => {
  it('adds each series to those below it; what was not measured adds nothing', () => {
    expect(
      stacked([
        [1, 2],
        [10, Number.NaN],
        [100, 200],
      ]),
    ).toEqual([
      [1, 2],
      [11, 2],
      [111, 202],
    ])
  })
})

describe('median', () => {
  it('is the middle, the mean of the middle two, or nothing', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([4, 1, 2, 100])).toBe(3)
    expect(median([])).toBeNull()
  })
})
