import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderBitRate, renderSpan, renderUsd, renderVolume } from './figures.ts'
import { payloadShare } from './overhead.ts'

describe('figures for people', () => {
  it.each([
    [renderBitRate(4_621_621_621), '4.62 Gbit/s'],
    [renderBitRate(950e6), '950 Mbit/s'],
    [renderUsd(0), '$0.00'],
    [renderUsd(0.0491), '$0.0491'],
    [renderUsd(0.185), '$0.185'],
    [renderUsd(971.526), '$971.53'],
    [renderSpan(45), '45 s'],
    [renderSpan(3 * 86_400), '3.0 d'],
    [renderSpan(54_000), '15.0 h'],
    [renderVolume(40e12), '40 TB'],
    [renderVolume(500 * 2 ** 30), '536.87 GB'],
  ])('%s', (rendered, wanted) => expect(rendered).toBe(wanted))

  it('never says a stretch of time to be shorter than it is', () => {
    const sizes: Record<string, number> = { s: 1, min: 60, h: 3600, d: 86_400 }
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 1e8, noNaN: true }), (seconds) => {
        const [amount = '', unit = ''] = renderSpan(seconds).split(' ')
        expect(Number(amount) * (sizes[unit] ?? 0)).toBeGreaterThanOrEqual(seconds * (1 - 1e-6))
      }),
    )
  })
})

describe('payload', () => {
  it('is 1,368 of 1,480 bytes at the usual MTU, and a little more in the largest that fits the internet', () => {
    expect(payloadShare(1420)).toBeCloseTo(1368 / 1480, 12)
    expect(payloadShare(8920)).toBe(1388 / 1500)
  })
})
