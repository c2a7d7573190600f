import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CurvePoint, fitCurve } from './fit-curve.ts'

const COUNTS = [1, 2, 4, 8]
const points = (goodput: (streams: number) => number): CurvePoint[] =>
  COUNTS.map((streams) => ({ streams, bitsPerSecond: goodput(streams) }))

const plateau = fc.double({ min: 1e6, max: 1e11, noNaN: true })

describe('fitCurve', () => {
  it('finds a hyperbola again', () => {
    fc.assert(
      fc.property(plateau, fc.double({ min: 0.05, max: 0.35, noNaN: true }), (top, half) => {
        const fit = fitCurve(points((streams) => (top * streams) / (streams + half)))
        expect((fit?.plateau ?? 0) / top).toBeCloseTo(1, 1)
        expect(fit?.isBeyond).toBe(20 * half > 8)
      }),
    )
  })

  it('finds where each stream has the same until the path is full', () => {
    const fit = fitCurve(points((streams) => Math.min(100e6 * streams, 390e6)))
    expect(fit).toMatchObject({ shape: 'breaks', enoughStreams: 4, isBeyond: false })
    expect((fit?.plateau ?? 0) / 390e6).toBeCloseTo(1, 2)
  })

  it('says that one stream is enough where more carry no more', () => {
    expect(fitCurve(points(() => 191e6))).toMatchObject({ enoughStreams: 1, isBeyond: false })
    const noisy = [191e6, 188e6, 193e6, 186e6]
    expect(
      fitCurve(noisy.map((bitsPerSecond, at) => ({ streams: COUNTS[at] ?? 1, bitsPerSecond })))?.enoughStreams,
    ).toBe(1)
  })

  it('sees no plateau in a straight line', () => {
    expect(fitCurve(points((streams) => 5e6 * streams))).toMatchObject({ isBeyond: true })
  })

  it('goes up with streams, never above its plateau, and does not depend on the unit', () => {
    const goodput = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(goodput, fc.constantFrom(1, 1e3, 1e6), (values, unit) => {
        const curve = (scale: number) => fitCurve(points((streams) => (values[COUNTS.indexOf(streams)] ?? 1) * scale))
        const [fit, other] = [curve(1), curve(unit)]
        if (fit === null || other === null) throw new Error('no curve')
        const at = Array.from({ length: 16 }, (_, index) => fit.at(index + 1))
        for (const [index, value] of at.entries()) expect(value).toBeGreaterThanOrEqual((at[index - 1] ?? 0) - 1e-6)
        expect(at.at(-1)).toBeLessThanOrEqual(fit.plateau * (1 + 1e-9))
        expect(other.enoughStreams).toBe(fit.enoughStreams)
      }),
    )
  })

  it('gives nothing for fewer than two numbers of streams, or where nothing arrived', () => {
    expect(fitCurve([])).toBeNull()
    expect(fitCurve([{ streams: 4, bitsPerSecond: 1e6 }])).toBeNull()
    expect(fitCurve(points(() => 0))).toBeNull()
  })
})
