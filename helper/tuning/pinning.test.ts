import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CoreFacts } from './facts.ts'
import { planPinning } from './pinning.ts'

const cores = (nodes: readonly number[], smt = false): CoreFacts[] =>
  nodes.map((numaNode, core) => ({ core, numaNode, firstSibling: smt ? core % (nodes.length / 2) : core }))

const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `mole${at + 1}`)

const pin = (all: CoreFacts[], reserveCores: number, tunnels: number, nearNode: number | null = null) => {
  const plan = planPinning({ cores: all, reserveCores, tunnels: names(tunnels), nearNode })
  return plan.kind === 'lacking' ? plan.reason : Object.fromEntries(plan.tunnels)
}

describe('pinning', () => {
  it('gives each tunnel its share of the cores, and leaves the first core for last', () => {
    expect(pin(cores([0, 0, 0, 0]), 2, 2)).toEqual({ mole1: [1], mole2: [2] })
    expect(pin(cores([0, 0, 0, 0]), 0, 2)).toEqual({ mole1: [1, 2], mole2: [3, 0] })
  })

  it('stays near the network card as long as there is a core for each', () => {
    const two = cores([0, 0, 0, 0, 1, 1, 1, 1])
    expect(pin(two, 2, 2, 1)).toEqual({ mole1: [4, 5], mole2: [6, 7] })
    expect(pin(two, 2, 6, 1)).toEqual({ mole1: [4], mole2: [5], mole3: [6], mole4: [7], mole5: [1], mole6: [2] })
    expect(pin(two, 2, 2, 0)).toEqual({ mole1: [1], mole2: [2] })
  })

  it('takes whole cores before the second threads of others', () => {
    expect(pin(cores([0, 0, 0, 0, 0, 0, 0, 0], true), 0, 3)).toEqual({ mole1: [1, 2], mole2: [3, 5], mole3: [6, 7] })
  })

  it('pins nothing where tunnels would have to share, and says why', () => {
    expect(pin(cores([0, 0]), 2, 4)).toBe(
      '4 tunnels want a core each, and of 2 cores here 0 are left beside the 2 reserved (optimization.reserve_cores): nothing is pinned',
    )
    expect(pin(cores([0]), 0, 2)).toContain('of 1 core here 1 is left')
  })

  it('never gives a core to two tunnels, nor more than there are (property)', () => {
    const machine = fc
      .array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 64 })
      .map((nodes) => cores(nodes))
    const node = fc.option(fc.integer({ min: 0, max: 3 }))
    fc.assert(
      fc.property(machine, fc.nat(70), fc.integer({ min: 1, max: 64 }), node, (all, reserveCores, count, nearNode) => {
        const plan = planPinning({ cores: all, reserveCores, tunnels: names(count), nearNode })
        if (plan.kind === 'lacking') {
          expect(all.length - reserveCores).toBeLessThan(count)
          return
        }
        const given = [...plan.tunnels.values()]
        expect(given.every((own) => own.length > 0)).toBe(true)
        expect(new Set(given.flat()).size).toBe(given.flat().length)
        expect(given.flat().length).toBeLessThanOrEqual(all.length - reserveCores)
      }),
    )
  })
})
