import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TelemetrySample } from '../../contract/app.ts'
import { HISTORY_SAMPLES, openHistory } from './history.ts'
import { thinned } from './thin-history.ts'

const MAX_FRAME_BYTES = 1024 * 1024

const sampleAt = (second: number, tunnels = 1, bitsPerSecond = 1e9): TelemetrySample => ({
  atMs: 1_700_000_000_000 + second * 1000,
  tunnels: Array.from({ length: tunnels }, (_, index) => ({
    slot: index + 1,
    upBitsPerSecond: bitsPerSecond,
    downBitsPerSecond: 123_456_789,
    rttMs: 123.456,
    lossRatio: 0.1234,
    handshakeAgeSeconds: 119,
    upBytes: 123_456_789_012_345,
    downBytes: 123_456_789_012_345,
  })),
})

describe('history', () => {
  it('keeps the newest samples in order, whatever the capacity', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.nat({ max: 60 }),
        fc.nat({ max: 60 }),
        (capacity, count, seconds) => {
          const history = openHistory(capacity)
          for (let second = 0; second < count; second += 1) history.add(sampleAt(second))
          const kept = Math.min(capacity, count, seconds)
          expect(history.last(seconds)).toEqual(
            Array.from({ length: kept }, (_, index) => sampleAt(count - kept + index)),
          )
        },
      ),
    )
  })

  it('is empty again when cleared', () => {
    const history = openHistory(3)
    for (let second = 0; second < 5; second += 1) history.add(sampleAt(second))
    history.clear()
    expect(history.last(3600)).toEqual([])
    history.add(sampleAt(9))
    expect(history.last(3600)).toEqual([sampleAt(9)])
  })
})

describe('thinned', () => {
  it('leaves alone what is small enough', () => {
    const samples = [1, 2, 3].map((second) => sampleAt(second))
    expect(thinned(samples)).toEqual(samples)
  })

  it('makes a full hour of eight tunnels fit into one frame', () => {
    const hour = Array.from({ length: HISTORY_SAMPLES }, (_, second) => sampleAt(second, 8))
    const thin = thinned(hour)
    expect(Buffer.byteLength(JSON.stringify(thin))).toBeLessThan(MAX_FRAME_BYTES - 1024)
    expect(thin.at(-1)?.atMs).toBe(hour.at(-1)?.atMs)
  })

  it('keeps the mean rate and the order, and never exceeds the limit by more than one sample', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 1e9 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 30 }),
        (rates, limit) => {
          const thin = thinned(
            rates.map((rate, second) => sampleAt(second, 1, rate)),
            limit,
          )
          expect(thin.length).toBeLessThanOrEqual(limit)
          expect(thin.map(({ atMs }) => atMs)).toEqual([...thin.map(({ atMs }) => atMs)].sort((a, b) => a - b))
          const all = thin.flatMap(({ tunnels }) => tunnels.map(({ upBitsPerSecond }) => upBitsPerSecond))
          expect(Math.max(...all)).toBeLessThanOrEqual(Math.max(...rates))
          expect(Math.min(...all)).toBeGreaterThanOrEqual(Math.min(...rates))
        },
      ),
    )
  })
})
