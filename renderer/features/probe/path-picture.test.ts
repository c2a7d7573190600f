import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BOTTLENECKS } from '../../../domain/probe/analysis.ts'
import { drawPath, STATIONS, stationOf } from './path-picture.ts'

/** Half the height of an outline at its left and at its right end. */
const endsOf = (path: string): { left: number; right: number } => {
  const points = path
    .slice(1, -1)
    .split('L')
    .map((point) => point.split(' ').map(Number) as [number, number])
  const [first, last] = [points[0], points.at(-1)]
  const [rightUpper, rightLower] = [points[points.length / 2 - 1], points[points.length / 2]]
  return {
    left: ((last?.[1] ?? 0) - (first?.[1] ?? 0)) / 2,
    right: ((rightLower?.[1] ?? 0) - (rightUpper?.[1] ?? 0)) / 2,
  }
}

describe('the station of a limit', () => {
  it('is known for every limit but the unknown, either way', () => {
    for (const name of BOTTLENECKS)
      for (const direction of ['upload', 'download'] as const)
        expect(stationOf({ name, direction }) === null).toBe(name === 'unknown')
  })
  it('changes sides with the direction where it belongs to the sender or the receiver', () => {
    expect(stationOf({ name: 'sender-cpu', direction: 'upload' })).toBe('processor')
    expect(stationOf({ name: 'sender-cpu', direction: 'download' })).toBe('far-end')
    expect(stationOf({ name: 'receiver-window', direction: 'upload' })).toBe('far-end')
    expect(stationOf({ name: 'receiver-window', direction: 'download' })).toBe('sockets')
    expect(stationOf({ name: 'loss', direction: 'download' })).toBe('path')
  })
})

describe('the picture of the path', () => {
  it('has the flow wide before the narrow place and thin behind it, as seen by who sends', () => {
    const up = endsOf(drawPath(1000, 200, 'interface', 'upload').flow)
    expect(up.left).toBeGreaterThan(3 * up.right)
    const down = endsOf(drawPath(1000, 200, 'interface', 'download').flow)
    expect(down.right).toBeGreaterThan(3 * down.left)
  })
  it('is as wide at one end as at the other while nothing is known to bind', () => {
    const { left, right } = endsOf(drawPath(1000, 200, null, 'upload').flow)
    expect(left).toBeCloseTo(right, 0)
  })
  it('keeps all stations within, one of them narrow', () =>
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 2000 }), fc.constantFrom(...STATIONS), (width, narrow) => {
        const { stations } = drawPath(width, 150, narrow, 'upload')
        expect(stations.filter(({ isNarrow }) => isNarrow)).toHaveLength(1)
        for (const { x, y } of stations) {
          expect(x).toBeGreaterThan(0)
          expect(x).toBeLessThan(width)
          expect(y).toBeGreaterThan(30)
          expect(y).toBeLessThan(120)
        }
      }),
    ))
})
