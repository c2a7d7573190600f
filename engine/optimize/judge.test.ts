import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judge, ratioOf } from './judge.ts'

const pairs = (...figures: [number, number][]) =>
  figures.map(([beforeBitsPerSecond, afterBitsPerSecond]) => ({ beforeBitsPerSecond, afterBitsPerSecond }))

describe('judge', () => {
  it('keeps what is better in most pairs by more than 2 %', () => {
    expect(judge(pairs([100, 110], [101, 109], [99, 111]))).toEqual({
      isBetter: true,
      reason: 'median of 3 pairs 10.0 % more, more in 3 of them',
    })
  })

  it.each([
    ['less', pairs([100, 90], [100, 91], [100, 89]), /10\.0 % less/],
    ['hardly more', pairs([100, 101], [100, 101], [100, 101]), /no more than chance \(at least 2\.0 %/],
    ['less than the noise', pairs([100, 104], [130, 135], [70, 73]), /no more than chance \(at least 30\.0 %/],
    ['more in too few pairs', pairs([100, 110], [100, 110], [100, 110], [100, 99], [100, 98]), /too few agree/],
    ['never measured', [], /nothing was measured/],
  ])('takes back what is %s', (_, measured, reason) => {
    const verdict = judge(measured)
    expect(verdict.isBetter).toBe(false)
    expect(verdict.reason).toMatch(reason)
  })

  it('never keeps what is not better in the median (property)', () => {
    const figure = fc.integer({ min: 1, max: 1_000_000 })
    fc.assert(
      fc.property(fc.array(fc.tuple(figure, figure), { maxLength: 20 }), (figures) => {
        const measured = pairs(...figures)
        if (judge(measured).isBetter) expect(ratioOf(measured)).toBeGreaterThanOrEqual(1.02)
      }),
    )
  })
})
