import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Box, flowWidth, LEAST_HEIGHT, layOutMap } from './tunnel-map-geometry.ts'

const tunnels = (count: number, bastions = ['b1']) =>
  Array.from({ length: count }, (_, index) => ({
    slot: index + 1,
    bastionId: bastions[index % bastions.length] as string,
  }))

const apart = (a: Box, b: Box): boolean => a.x + a.width <= b.x || a.y + a.height <= b.y || b.y + b.height <= a.y

describe('layOutMap', () => {
  it('keeps every node apart and inside, from left to right, at any width and number', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 320, max: 2000 }),
        fc.integer({ min: 0, max: 64 }),
        fc.integer({ min: 1, max: 8 }),
        (width, count, n) => {
          const ids = Array.from({ length: n }, (_, index) => `b${index + 1}`)
          const { height, host, bastions, subnet, tunnels: lines } = layOutMap(width, ids, tunnels(count, ids))
          const boxes = [host, ...bastions.map(({ box }) => box), subnet]
          for (const box of boxes) {
            expect(box.x).toBeGreaterThanOrEqual(0)
            expect(box.x + box.width).toBeLessThanOrEqual(width)
            expect(box.y).toBeGreaterThanOrEqual(0)
            expect(box.y + box.height).toBeLessThanOrEqual(height)
          }
          boxes.forEach((box, index) => {
            for (const other of boxes.slice(index + 1)) expect(apart(box, other)).toBe(true)
          })
          expect(lines).toHaveLength(count)
        },
      ),
    ))

  it('keeps its height as long as everything fits, and grows with the bastions', () => {
    expect(layOutMap(900, ['b1'], tunnels(8)).height).toBe(LEAST_HEIGHT)
    const ids = ['b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'b7', 'b8']
    expect(layOutMap(900, ids, tunnels(8, ids)).height).toBeGreaterThan(LEAST_HEIGHT)
  })

  it('draws a way to a bastion without tunnels, and none beside those it has', () => {
    const { bastions } = layOutMap(900, ['b1', 'b2'], tunnels(2))
    expect(bastions.map(({ absence }) => absence !== '')).toEqual([false, true])
  })

  it('labels no more tunnels than can be read', () => {
    const ids = ['b1', 'b2', 'b3']
    expect([16, 17].map((count) => layOutMap(900, ids, tunnels(count, ids)).isLabelled)).toEqual([true, false])
  })

  it('gives every tunnel a level of its own, with room for its label', () => {
    for (const [count, ids] of [
      [8, ['b1']],
      [9, ['b1', 'b2']],
      [16, ['b1', 'b2', 'b3']],
    ] as const) {
      const ys = layOutMap(900, ids, tunnels(count, [...ids])).tunnels.map(({ middle }) => middle.y)
      const gaps = ys.slice(1).map((y, index) => y - (ys[index] as number))
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(22)
    }
  })
})

describe('flowWidth', () => {
  it('grows with the goodput up to the capacity, and never vanishes', () =>
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e10, noNaN: true }),
        fc.double({ min: 0, max: 1e10, noNaN: true }),
        (a, b) => {
          const [less, more] = a < b ? [a, b] : [b, a]
          expect(flowWidth(less, 1e9)).toBeLessThanOrEqual(flowWidth(more, 1e9))
          expect(flowWidth(less, 1e9)).toBeGreaterThan(0)
          expect(flowWidth(more, 1e9)).toBeLessThanOrEqual(10)
        },
      ),
    ))
})
