import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Box, flowWidth, LABEL, LEAST_HEIGHT, layOutMap } from './tunnel-map-geometry.ts'

const tunnels = (count: number, bastions = ['b1']) =>
  Array.from({ length: count }, (_, index) => ({
    slot: index + 1,
    bastionId: bastions[index % bastions.length] as string,
  }))

const apart = (a: Box, b: Box): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y

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
          for (const { box } of bastions) {
            expect(box.x).toBeGreaterThan(host.x)
            expect(box.x).toBeLessThan(subnet.x)
          }
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

  it('keeps every label apart from the others and from the nodes, at any width that is drawn', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 580, max: 2000 }),
        fc.integer({ min: 1, max: 16 }),
        fc.integer({ min: 1, max: 8 }),
        (width, count, n) => {
          const ids = Array.from({ length: n }, (_, index) => `b${index + 1}`)
          const map = layOutMap(width, ids, tunnels(count, ids))
          const labels = map.tunnels.map(({ middle }) => ({
            x: middle.x - LABEL.width / 2,
            y: middle.y - LABEL.height / 2,
            ...LABEL,
          }))
          const nodes = [map.host, map.subnet, ...map.bastions.map(({ box }) => box)]
          labels.forEach((label, index) => {
            for (const other of [...labels.slice(index + 1), ...nodes]) expect(apart(label, other)).toBe(true)
            expect(label.y).toBeGreaterThanOrEqual(0)
            expect(label.y + label.height).toBeLessThanOrEqual(map.height)
          })
        },
      ),
    ))

  it('makes bores narrower rather than one broad heap, where many leave by one side', () => {
    const ids = ['b1', 'b2', 'b3', 'b4']
    const [few, many] = [4, 12].map((count) => layOutMap(660, ids, tunnels(count, ids)))
    expect(many?.bore).toBeLessThan(few?.bore ?? 0)
    expect(many?.host.height).toBeGreaterThan(few?.host.height ?? 0)
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
