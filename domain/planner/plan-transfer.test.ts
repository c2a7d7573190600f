import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ASSUMPTIONS, type Conditions } from './conditions.ts'
import type { Goal } from './goal.ts'
import { planTransfer } from './plan-transfer.ts'
import { given } from './provenance.ts'
import { fits } from './recommend.ts'
import { bytes, conditions } from './testing/arbitraries.ts'
import { pricesIn, shippedTable } from './testing/shipped-table.ts'

const REGION = 'us-west-2'

const usual: Conditions = {
  ...ASSUMPTIONS,
  direction: 'upload',
  mtuBytes: 1420,
  pathBitsPerSecond: null,
  streams: null,
  allowedTypes: ['t4g.nano', 't4g.small', 'c6gn.medium', 'c6gn.large'],
  maxInstances: 4,
  minTunnels: 1,
  maxTunnels: 8,
}

const plan = (goal: Goal, changes: Partial<Conditions> = {}) =>
  planTransfer(goal, { ...usual, ...changes }, shippedTable, pricesIn(REGION))

const chosen = (goal: Goal, changes: Partial<Conditions> = {}): unknown[] | null => {
  const { recommended } = plan(goal, changes)
  return recommended === null ? null : [recommended.instances, recommended.type.name, recommended.tunnels]
}

const rate = (bitsPerSecond: number): Goal => ({ kind: 'rate', bitsPerSecond, budgetUsd: null })
const move = (amount: number, withinSeconds: number | null, budgetUsd: number | null): Goal => ({
  kind: 'bytes',
  bytes: amount,
  withinSeconds,
  budgetUsd,
})

const DAY = 86_400

describe('the recommended choice', () => {
  it.each([
    [1e9, [1, 'c6gn.medium', 1]],
    [5e9, [2, 'c6gn.large', 6]],
    [10e9, null],
  ])('for %d bit/s', (bitsPerSecond, wanted) => {
    expect(chosen(rate(bitsPerSecond))).toEqual(wanted)
  })

  it('for 10 Gbit/s needs more tunnels, and says so', () => {
    expect(plan(rate(10e9)).reason).toContain('raise tunnel.max_tunnels')
    expect(chosen(rate(10e9), { maxTunnels: 16 })).toEqual([4, 'c6gn.large', 12])
  })

  it('of one bastion that is full says that another is needed', () => {
    const { reason } = plan(rate(20e9), { allowedTypes: ['c6gn.16xlarge'], maxInstances: 1, maxTunnels: 64 })
    expect(reason).toContain('raise aws.max_instances')
  })

  it('names a type that would do and is not allowed', () => {
    const { recommended, alternative, reason } = plan(rate(4e9), { allowedTypes: ['t4g.nano'], maxInstances: 1 })
    expect(recommended).toBeNull()
    expect(alternative?.type.name).toBe('c6gn.xlarge')
    expect(reason).toMatch(/1 × c6gn\.xlarge with \d tunnels would .* aws\.instance_types does not allow it/)
  })

  it('for 40 TB in a week stays far under $60, and cannot in an hour', () => {
    const { recommended } = plan(move(40e12, 7 * DAY, 60))
    expect(recommended?.total?.mostUsd).toBeLessThan(5)
    expect(chosen(move(40e12, 3600, 60))).toBeNull()
  })

  it('of a download is what data out costs, whatever the instances', () => {
    const { recommended, nearest, reason } = plan(move(10e12, 3 * DAY, 900), { direction: 'download' })
    expect(recommended).toBeNull()
    expect(nearest?.total?.transferUsd).toBeGreaterThan(900)
    expect(reason).toContain('the budget is $900.00')
    expect(chosen(move(10e12, 3 * DAY, 1000), { direction: 'download' })).not.toBeNull()
  })

  it('does not count on a burst', () => {
    // 20 GB are through in a t4g.nano's burst, within minutes; steadily it takes an hour and more.
    const { recommended, choices } = plan(move(20e9, 600, null), { allowedTypes: ['t4g.nano'], maxInstances: 1 })
    expect(recommended).toBeNull()
    expect(choices.find(({ type }) => type.name === 't4g.nano')?.meets.deadline).toBe('maybe')
  })

  it('finishes first within a budget without a deadline, and costs least without either', () => {
    const [first, cheapest] = [plan(move(40e12, null, 60)).recommended, plan(move(40e12, null, null)).recommended]
    expect(first?.finish?.latestSeconds).toBeLessThan(cheapest?.finish?.latestSeconds ?? 0)
    expect(first?.total?.mostUsd).toBeGreaterThan(cheapest?.total?.mostUsd ?? 0)
  })

  it('has no fewer tunnels than are wanted at least, nor more on a bastion than it carries', () => {
    expect(chosen(rate(1e9), { minTunnels: 4 })).toEqual([1, 'c6gn.medium', 4])
    expect(chosen(rate(1e9), { minTunnels: 9, maxTunnels: 16 })).toEqual([2, 'c6gn.medium', 10])
  })

  it('is held by a path that nobody can widen', () => {
    const { reason } = plan(rate(5e9), { pathBitsPerSecond: given(1e9, 'test') })
    expect(reason).toContain('the path itself is the limit')
  })
})

const goals = fc.oneof(
  fc.integer({ min: 1, max: 20_000 }).map((mbits) => rate(mbits * 1e6)),
  fc
    .record({
      bytes,
      withinSeconds: fc.option(fc.integer({ min: 60, max: 90 * DAY })),
      budgetUsd: fc.option(fc.integer({ min: 1, max: 5000 })),
    })
    .map((goal): Goal => ({ kind: 'bytes', ...goal })),
)

describe('any plan', () => {
  it('recommends only what is allowed and sure, within every limit', () => {
    fc.assert(
      fc.property(goals, conditions, (goal, given) => {
        const { choices, recommended } = planTransfer(goal, given, shippedTable, pricesIn(REGION))
        for (const { instances, tunnels, tunnelsPerInstance, usdPerTb, hourly } of choices) {
          expect(instances).toBeLessThanOrEqual(given.maxInstances)
          expect(tunnels).toBeLessThanOrEqual(given.maxTunnels)
          expect(tunnels).toBeGreaterThanOrEqual(given.minTunnels)
          expect(tunnelsPerInstance).toBeLessThanOrEqual(8)
          expect(Math.min(usdPerTb, hourly.totalUsd)).toBeGreaterThan(0)
        }
        const mayDo = choices.filter((choice) => choice.isAllowed && fits(choice))
        expect(recommended === null).toBe(mayDo.length === 0)
        if (recommended !== null) expect(mayDo).toContain(recommended)
      }),
    )
  })

  it('has Graviton before x86, and each type once', () => {
    fc.assert(
      fc.property(goals, conditions, (goal, given) => {
        const { choices } = planTransfer(goal, given, shippedTable, pricesIn(REGION))
        const isX86 = choices.map(({ type }) => type.architecture === 'x86_64')
        expect(isX86.lastIndexOf(false)).toBe(isX86.indexOf(true) === -1 ? isX86.length - 1 : isX86.indexOf(true) - 1)
        expect(new Set(choices.map(({ type }) => type.name)).size).toBe(choices.length)
      }),
    )
  })

  it('never finishes later with more money', () => {
    const money = fc.integer({ min: 1, max: 3000 })
    const within = fc.option(fc.integer({ min: 60, max: 90 * DAY }))
    fc.assert(
      fc.property(bytes, within, money, money, conditions, (amount, withinSeconds, budget, more, given) => {
        const finish = (budgetUsd: number): number =>
          planTransfer(move(amount, withinSeconds, budgetUsd), given, shippedTable, pricesIn(REGION)).recommended
            ?.finish?.latestSeconds ?? Number.POSITIVE_INFINITY
        expect(finish(budget + more)).toBeLessThanOrEqual(finish(budget))
      }),
    )
  })

  it('costs the sum of what it is made of, the later the more', () => {
    fc.assert(
      fc.property(bytes, conditions, (amount, given) => {
        for (const { finish, total, hourly } of planTransfer(
          move(amount, null, null),
          given,
          shippedTable,
          pricesIn(REGION),
        ).choices) {
          const hours = Math.max(60, finish?.latestSeconds ?? 0) / 3600
          expect(total?.mostUsd).toBeCloseTo((total?.transferUsd ?? 0) + hours * hourly.totalUsd, 6)
          expect(total?.leastUsd).toBeLessThanOrEqual(total?.mostUsd ?? 0)
          expect(finish?.earliestSeconds).toBeLessThanOrEqual((finish?.latestSeconds ?? 0) * (1 + 1e-12))
        }
      }),
    )
  })
})
