import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { payloadShare } from '../planner/overhead.ts'
import { addTraffic, grownBy, wireBytes } from './traffic.ts'

const reading = (bytesIn: number, bytesOut: number) => ({ name: 'mole1', bytesIn, bytesOut })

describe('bytes on the wire', () => {
  it('are the same whoever counts the packets', () => {
    // A full packet of 1,408 bytes, 16 times 88: the kernel counts 32 of WireGuard with it.
    expect(wireBytes(10 * 1408, 10, 'userspace')).toBe(wireBytes(10 * (1408 + 32), 10, 'kernel'))
    expect(wireBytes(0, 0, 'userspace')).toBe(0)
  })

  it('agree with what the planner takes as the share of payload', () => {
    const payload = 1000 * (1408 - 52)
    expect(payload / wireBytes(1000 * 1408, 1000, 'userspace')).toBeCloseTo(payloadShare(1408), 12)
  })
})

describe('counters', () => {
  it('count from the beginning when they are new or began again', () => {
    expect(grownBy(undefined, reading(7, 3))).toEqual({ bytesIn: 7, bytesOut: 3 })
    expect(grownBy(reading(7, 3), reading(9, 3))).toEqual({ bytesIn: 2, bytesOut: 0 })
    expect(grownBy(reading(7, 3), reading(1, 8))).toEqual({ bytesIn: 1, bytesOut: 8 })
  })

  it('lose nothing over any number of restarts', () => {
    // Each life of a counter grows by steps from 0; one that is at once beyond the last cannot be told from it going on.
    const life = fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(fc.array(life, { maxLength: 6 }), (lives) => {
        let last: ReturnType<typeof reading> | undefined
        let [counted, passed] = [0, 0]
        for (const steps of lives) {
          let value = 0
          if (last !== undefined && (steps[0] ?? 0) >= last.bytesIn) continue
          for (const step of steps) {
            value += step
            counted += grownBy(last, reading(value, 0)).bytesIn
            last = reading(value, 0)
          }
          passed += value
        }
        expect(counted).toBe(passed)
      }),
    )
  })

  it('go to the month they were read in', () => {
    const november = addTraffic([], { bytesIn: 1, bytesOut: 2 }, Date.UTC(2026, 10, 30, 23, 59))
    const december = addTraffic(november, { bytesIn: 10, bytesOut: 20 }, Date.UTC(2026, 11, 1))
    expect(addTraffic(december, { bytesIn: 100, bytesOut: 0 }, Date.UTC(2026, 11, 31))).toEqual([
      { month: '2026-11', bytesIn: 1, bytesOut: 2 },
      { month: '2026-12', bytesIn: 110, bytesOut: 20 },
    ])
  })
})
