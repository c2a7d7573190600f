import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evenly, meanRate, thinIntervals } from './thin.ts'

const seconds = (count: number, rate: (at: number) => number) =>
  Array.from({ length: count }, (_, at) => ({
    kind: 'interval' as const,
    seconds: 1,
    untilSeconds: at + 1,
    isOmitted: false,
    bitsPerSecond: rate(at),
  }))

describe('thinIntervals', () => {
  it('keeps a short run as it is', () => {
    expect(
      thinIntervals(
        seconds(3, (at) => at * 10),
        120,
      ),
    ).toEqual([
      { seconds: 1, bitsPerSecond: 0 },
      { seconds: 2, bitsPerSecond: 10 },
      { seconds: 3, bitsPerSecond: 20 },
    ])
  })

  it('keeps the end, and the mean of each part, of a long one', () => {
    const thinned = thinIntervals(
      seconds(3600, (at) => (at % 2 === 0 ? 100 : 300)),
      120,
    )
    expect(thinned).toHaveLength(120)
    expect(new Set(thinned.map(({ bitsPerSecond }) => bitsPerSecond))).toEqual(new Set([200]))
    expect(thinned.at(-1)?.seconds).toBe(3600)
  })
})

describe('meanRate', () => {
  it('weighs each interval by its length', () => {
    const [first, second] = seconds(2, () => 100)
    if (first === undefined || second === undefined) throw new Error('there are two')
    expect(
      meanRate([
        { ...first, seconds: 3 },
        { ...second, bitsPerSecond: 500 },
      ]),
    ).toBe(200)
    expect(meanRate([])).toBe(0)
  })
})

describe('evenly', () => {
  it('chooses as many as may be, in their order, with both ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 2, max: 64 }), (count, most) => {
        const items = Array.from({ length: count }, (_, at) => at)
        const chosen = evenly(items, most)
        expect(chosen).toHaveLength(Math.min(count, most))
        expect(chosen).toEqual(chosen.toSorted((a, b) => a - b))
        expect([chosen[0], chosen.at(-1)]).toEqual([items[0], items.at(-1)])
      }),
    )
  })
})
