import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { measured } from '../source.ts'
import { summariseTrips } from './round-trips.ts'

const about = { by: 'udp', sent: 20, from: measured('20 UDP echoes') } as const

describe('round trips', () => {
  it('are told by least, middle, tail and change from one to the next', () => {
    const trips = summariseTrips([10, 12, 11, 40], about)
    expect(trips?.answered).toBe(4)
    expect([trips?.minMs.value, trips?.medianMs.value, trips?.p95Ms.value]).toEqual([10, 11.5, 40])
    expect(trips?.jitterMs.value).toBeCloseTo((2 + 1 + 29) / 3, 3)
  })

  it('are in order whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: 0, max: 1000, noNaN: true }), { minLength: 1 }), (samples) => {
        const trips = summariseTrips(samples, about)
        const [low, middle, high] = [trips?.minMs.value ?? 0, trips?.medianMs.value ?? 0, trips?.p95Ms.value ?? 0]
        expect(low).toBeLessThanOrEqual(middle)
        expect(low).toBeLessThanOrEqual(high)
        expect(high).toBeLessThanOrEqual(Math.round(Math.max(...samples) * 1000) / 1000)
      }),
    )
  })

  it('that nobody answered are none', () => {
    expect(summariseTrips([], about)).toBeNull()
  })
})
