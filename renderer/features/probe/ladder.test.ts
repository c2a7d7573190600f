import { describe, expect, it } from 'vitest'
import type { Rung } from '../../../domain/probe/path.ts'
import { ladderOf, lengthOf } from './ladder.ts'

const rung = (bytes: number, outcome: Rung['outcome'] = 'passed'): Rung => ({
  bytes,
  outcome,
  saidBy: null,
  sent: 3,
  answered: outcome === 'passed' ? 3 : 0,
})

const figure = (value: number) => ({
  value,
  from: { kind: 'measured' as const, how: 'echoes', tool: 'mole', version: null, atMs: 0 },
})

describe('the ladder', () => {
  it('puts the limit among the sizes that were asked for, and the search between the steps around it', () => {
    const rungs = [rung(1200), rung(9000, 'lost'), rung(1400), rung(1401, 'lost'), rung(1300)]
    const { steps, search } = ladderOf({ rungs, mtuBytes: figure(1400) }, [1200, 9000])
    expect(steps.map((step) => [step.rung.bytes, step.isLimit])).toEqual([
      [9000, false],
      [1400, true],
      [1200, false],
    ])
    expect(search.map(({ bytes }) => bytes)).toEqual([1200, 1300, 1400, 1401, 9000])
  })
  it('searches nowhere but around the limit', () => {
    const rungs = [rung(1200), rung(1500), rung(1800, 'lost'), rung(9000, 'lost'), rung(1501, 'lost')]
    const { search } = ladderOf({ rungs, mtuBytes: figure(1500) }, [1200, 1500, 1800, 9000])
    expect(search.map(({ bytes }) => bytes)).toEqual([1500, 1501, 1800])
  })
  it('has a limit that was asked for once', () =>
    expect(ladderOf({ rungs: [rung(1200), rung(1500)], mtuBytes: figure(1500) }, [1200, 1500]).steps).toHaveLength(2))
  it('shows the limit also where no such rung was kept', () =>
    expect(ladderOf({ rungs: [], mtuBytes: figure(1500) }, [1200]).steps[0]?.rung.bytes).toBe(1500))
})

it('draws larger packets longer, none without length', () => {
  const lengths = [100, 576, 1200, 1500, 9000, 65_000].map(lengthOf)
  expect(lengths.toSorted((a, b) => a - b)).toEqual(lengths)
  expect(lengths[0]).toBeGreaterThan(0)
  expect(lengths.at(-1)).toBe(1)
})
