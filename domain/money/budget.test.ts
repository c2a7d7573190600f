import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ALERT_LEVELS, alertsCrossed } from './budget.ts'

describe('alerts of a budget', () => {
  it.each([
    [0, 0.49, []],
    [0, 0.5, [50]],
    [0, 1.7, [50, 80, 100]],
    [50, 0.79, []],
    [50, 0.8, [80]],
    [100, 5, []],
  ])('after %d, at %d of it, are %j', (before, share, wanted) => {
    expect(alertsCrossed(before, share)).toEqual(wanted)
  })

  it('come once each, in whatever steps it is used up', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { minLength: 1 }), (shares) => {
        const told: number[] = []
        for (const share of [...shares, 2]) told.push(...alertsCrossed(Math.max(0, ...told), share))
        expect(told).toEqual([...ALERT_LEVELS])
      }),
    )
  })
})
