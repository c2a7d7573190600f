import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { logScale, shareOf } from './cost-chart-scale.ts'

const values = fc.array(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 20 })

describe('logScale', () => {
  it('holds every value and keeps its ticks inside', () =>
    fc.assert(
      fc.property(values, fc.constantFrom('time' as const, 'number' as const), (all, kind) => {
        const scale = logScale(all, kind)
        for (const value of [...all, ...scale.ticks]) {
          expect(value).toBeGreaterThanOrEqual(scale.from)
          expect(value).toBeLessThanOrEqual(scale.to)
        }
        expect(scale.ticks.length).toBeLessThanOrEqual(6)
      }),
    ))

  it('counts time in minutes, hours and days', () =>
    expect(logScale([500, 700_000], 'time').ticks).toEqual([600, 3600, 21_600, 86_400, 604_800]))

  it('has an axis even without values', () => expect(logScale([], 'number').to).toBeGreaterThan(1))
})

describe('shareOf', () => {
  it('gives a tenfold the same way anywhere', () => {
    const scale = { from: 1, to: 1000 }
    expect(shareOf(10, scale)).toBeCloseTo(1 / 3)
    expect(shareOf(100, scale)).toBeCloseTo(2 / 3)
  })

  it('keeps what lies outside at the edge', () =>
    expect([0.1, 1e6].map((value) => shareOf(value, { from: 1, to: 1000 }))).toEqual([0, 1]))
})
