import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Box, flowWidth, layOutMap, MAP_HEIGHT } from './tunnel-map-geometry.ts'

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
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 2 }),
        (width, count, n) => {
          const ids = ['b1', 'b2'].slice(0, n)
          const { host, bastions, subnet, tunnels: lines } = layOutMap(width, ids, tunnels(count, ids))
          const boxes = [host, ...bastions.map(({ box }) => box), subnet]
          for (const box of boxes) {
            expect(box.x).toBeGreaterThanOrEqual(0)
            expect(box.x + box.width).toBeLessThanOrEqual(width)
            expect(box.y).toBeGreaterThanOrEqual(0)
            expect(box.y + box.height).toBeLessThanOrEqual(MAP_HEIGHT)
          }
          boxes.forEach((box, index) => {
            for (const other of boxes.slice(index + 1)) expect(apart(box, other)).toBe(true)
          })
          expect(lines).toHaveLength(count)
        },
      ),
    ))

  it('gives every tunnel a level of its own, with room for its label', () => {
    const ys = layOutMap(900, ['b1'], tunnels(8)).tunnels.map(({ middle }) => middle.y)
    const gaps = ys.slice(1).map((y, index) => y - (ys[index] as number))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(22)
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
