import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Counters, payloadBytes, ratesBetween, secondsBetween } from './rates.ts'

const count = fc.nat({ max: 2 ** 40 })
const counters: fc.Arbitrary<Counters> = fc.record({
  rxBytes: count,
  txBytes: count,
  rxPackets: count,
  txPackets: count,
})
const seconds = fc.double({ min: 0.001, max: 3600, noNaN: true })
const by = fc.constantFrom('kernel' as const, 'userspace' as const)

describe('payloadBytes', () => {
  it('is what is left of full segments without their headers', () => {
    // 1420 inside the tunnel = 1368 payload + 52 headers; the kernel counts 32 of WireGuard on top.
    expect(payloadBytes(1420 * 1000, 1000, 'userspace')).toBe(1368 * 1000)
    expect(payloadBytes(1452 * 1000, 1000, 'kernel')).toBe(1368 * 1000)
  })

  it('is never negative, and never more than the bytes', () => {
    fc.assert(
      fc.property(count, count, by, (bytes, packets, counted) => {
        const payload = payloadBytes(bytes, packets, counted)
        return payload >= 0 && payload <= bytes
      }),
    )
  })
})

describe('ratesBetween', () => {
  it('is never negative nor more than the wire carried, whatever the counters do', () => {
    fc.assert(
      fc.property(counters, counters, seconds, by, (before, now, elapsed, counted) => {
        const { upBitsPerSecond, downBitsPerSecond } = ratesBetween(before, now, elapsed, counted)
        expect(upBitsPerSecond).toBeGreaterThanOrEqual(0)
        expect(downBitsPerSecond).toBeGreaterThanOrEqual(0)
        expect(upBitsPerSecond).toBeLessThanOrEqual((now.txBytes * 8) / elapsed + 1)
        expect(downBitsPerSecond).toBeLessThanOrEqual((now.rxBytes * 8) / elapsed + 1)
      }),
    )
  })

  it('gives back the payload that was sent', () => {
    fc.assert(
      fc.property(
        counters,
        fc.nat({ max: 1_000_000 }),
        fc.integer({ min: 1, max: 8948 }),
        seconds,
        (before, packets, payload, elapsed) => {
          const now = {
            ...before,
            txBytes: before.txBytes + packets * (payload + 52),
            txPackets: before.txPackets + packets,
          }
          const { upBitsPerSecond, downBitsPerSecond } = ratesBetween(before, now, elapsed, 'userspace')
          expect(upBitsPerSecond).toBe(Math.round((packets * payload * 8) / elapsed))
          expect(downBitsPerSecond).toBe(0)
        },
      ),
    )
  })

  it('starts again from 0 when the interface was made anew, in both directions', () => {
    const before = { rxBytes: 9e9, txBytes: 100, rxPackets: 9e6, txPackets: 1 }
    const now = { rxBytes: 1420, txBytes: 2840, rxPackets: 1, txPackets: 2 }
    expect(ratesBetween(before, now, 1, 'userspace')).toEqual({
      upBitsPerSecond: 2736 * 8,
      downBitsPerSecond: 1368 * 8,
    })
  })

  it('is 0 when no time has passed', () => {
    const now = { rxBytes: 1e6, txBytes: 1e6, rxPackets: 1, txPackets: 1 }
    expect(ratesBetween({ rxBytes: 0, txBytes: 0, rxPackets: 0, txPackets: 0 }, now, 0, 'userspace')).toEqual({
      upBitsPerSecond: 0,
      downBitsPerSecond: 0,
    })
  })
})

describe('secondsBetween', () => {
  it("uses the helper's stamps, however late they are delivered", () => {
    expect(secondsBetween(1000, 1080, 1080)).toBe(1)
    expect(secondsBetween(1000, 2500, 2500)).toBe(1)
    expect(secondsBetween(1000, 20, 20)).toBe(1)
  })

  it('uses the monotonic clock where the wall clock was set', () => {
    expect(secondsBetween(3_600_000, 1000, 3_600_000)).toBe(1)
    expect(secondsBetween(-3_600_000, 1000, -3_600_000)).toBe(1)
    expect(secondsBetween(1500, 1000, 1500)).toBe(1)
    // Set after one of the stamps was made, and before it was delivered.
    expect(secondsBetween(3_600_000, 1000, 1000)).toBe(1)
    expect(secondsBetween(0, 1000, 1000)).toBe(1)
  })

  it('is never negative and never further from the monotonic clock than a delivery can be late', () => {
    const span = fc.double({ min: -1e9, max: 1e9, noNaN: true })
    fc.assert(
      fc.property(span, fc.double({ min: 0, max: 1e7, noNaN: true }), span, (stamped, monotonic, wall) => {
        const result = secondsBetween(stamped, monotonic, wall) * 1000
        return result >= 0 && Math.abs(result - monotonic) <= 5000 + 1e-6
      }),
    )
  })
})
