import { describe, expect, it } from 'vitest'
import type { TelemetrySample } from '../../../contract/app.ts'
import { utilisationOf, utilisationPath, utilisationY } from './utilisation-path.ts'

const sample = (atMs: number, rates: readonly (readonly [number, number])[]): TelemetrySample => ({
  atMs,
  tunnels: rates.map(([upBitsPerSecond, downBitsPerSecond], index) => ({
    slot: index + 1,
    upBitsPerSecond,
    downBitsPerSecond,
    rttMs: null,
    lossRatio: null,
    handshakeAgeSeconds: null,
    upBytes: 0,
    downBytes: 0,
  })),
})

const frame = { nowMs: 10_000, windowMs: 10_000, width: 100, height: 110 }

describe('utilisation', () => {
  it('is that of the busier direction over all tunnels', () => {
    expect(
      utilisationOf(
        sample(0, [
          [50, 90],
          [50, 0],
        ]),
        100,
      ),
    ).toBe(0.5)
    expect(
      utilisationOf(
        sample(0, [
          [10, 90],
          [10, 90],
        ]),
        100,
      ),
    ).toBe(0.9)
    expect(utilisationOf(sample(0, []), 100)).toBe(0)
  })

  it('is drawn from the lower edge up, and never above the upper', () => {
    expect([0, 1.1, 5].map((share) => utilisationY(share, 110))).toEqual([110, 0, 0])
  })

  it('breaks its line where nobody measured', () => {
    const { line, area } = utilisationPath(
      [1000, 2000, 8000, 9000].map((atMs) => sample(atMs, [[50, 0]])),
      100,
      frame,
    )
    expect(line).toBe('M10.0 60.0L20.0 60.0M80.0 60.0L90.0 60.0')
    expect(area.match(/Z/g)).toHaveLength(2)
  })

  it('is nothing where there is nothing', () => expect(utilisationPath([], 100, frame).line).toBe(''))
})
