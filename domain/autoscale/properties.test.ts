import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Demand, type Script, simulate } from './testing/simulate.ts'

const MBIT = 1e6
const MINUTE = 60_000

const demand = fc.record({
  bitsPerSecond: fc.integer({ min: 0, max: 2000 }).map((mbit) => mbit * MBIT),
  flows: fc.integer({ min: 1, max: 40 }),
  flowBytes: fc.constantFrom(0, 10e6, 200e6),
  spreads: fc.boolean(),
  heldBack: fc.boolean(),
})

const settings = fc.record({
  upThreshold: fc.double({ min: 0.5, max: 0.95, noNaN: true }),
  downThreshold: fc.double({ min: 0.05, max: 0.45, noNaN: true }),
  intervalMs: fc.constantFrom(1000, 5000, 30_000),
  upCooldownMs: fc.constantFrom(0, 10_000, 120_000),
  downCooldownMs: fc.constantFrom(0, 60_000, 600_000),
})

/** Phases of load, one after the other. */
const phases = (each: readonly Demand[], phaseMs: number) => (atMs: number) =>
  each[Math.min(each.length - 1, Math.floor(atMs / phaseMs))] ?? { bitsPerSecond: 0, flows: 0 }

const range = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 })).map(([a, b]) => ({
  fewest: Math.min(a, b),
  most: Math.max(a, b),
}))

const script = fc
  .record({
    settings,
    range,
    beginShare: fc.double({ min: 0, max: 1, noNaN: true }),
    demands: fc.array(demand, { minLength: 1, maxLength: 5 }),
    shared: fc.option(fc.integer({ min: 50, max: 900 }), { nil: undefined }),
    isBlind: fc.boolean(),
  })
  .map(
    ({ range: { fewest, most }, beginShare, demands, shared, ...rest }): Script => ({
      ...rest,
      fewest,
      most,
      begin: Math.round(fewest + (most - fewest) * beginShare),
      capacity: 100 * MBIT,
      ...(shared === undefined ? {} : { shared: shared * MBIT }),
      demand: phases(demands, 6 * MINUTE),
      lastMs: demands.length * 6 * MINUTE,
    }),
  )

const RUNS = { numRuns: 30 }

describe('whatever the load', () => {
  it('the number of tunnels keeps to its range', () => {
    fc.assert(
      fc.property(script, (each) => {
        const { tunnels } = simulate(each)
        expect(Math.min(...tunnels)).toBeGreaterThanOrEqual(each.fewest ?? 1)
        expect(Math.max(...tunnels)).toBeLessThanOrEqual(each.most ?? 8)
      }),
      RUNS,
    )
  })

  it('cooldowns are kept: only what gave nothing is taken back sooner than it would be removed', () => {
    fc.assert(
      fc.property(script, (each) => {
        const changes = simulate(each).decisions.filter(({ action }) => action !== 'hold')
        changes.slice(1).forEach(({ action, atMs, to, from }, at) => {
          const before = changes[at]
          const waitedMs = atMs - (before?.atMs ?? 0)
          if (action === 'up') expect(waitedMs).toBeGreaterThanOrEqual(each.settings?.upCooldownMs ?? 0)
          if (action === 'down') expect(waitedMs).toBeGreaterThanOrEqual(each.settings?.downCooldownMs ?? 0)
          if (action === 'revert') expect([before?.action, before?.from, before?.to]).toEqual(['up', to, from])
        })
      }),
      RUNS,
    )
  })

  it('the same is decided again', () => {
    fc.assert(
      fc.property(script, (each) => {
        expect(simulate(each)).toEqual(simulate(each))
      }),
      { numRuns: 10 },
    )
  })

  it('every decision has its reason, in one sentence, and a step goes somewhere', () => {
    fc.assert(
      fc.property(script, (each) => {
        for (const { reason, action, from, to } of simulate(each).decisions) {
          expect(reason).toMatch(/^[A-Z0-9].*\.$/)
          expect(reason).not.toMatch(/NaN|Infinity|null|undefined/)
          expect(Math.sign(to - from)).toBe({ up: 1, down: -1, revert: -1, hold: 0 }[action])
        }
      }),
      RUNS,
    )
  })
})

describe('a steady load', () => {
  it('is not flapped at: it goes one way, and then stays, but for tries that give nothing and become rare', () => {
    fc.assert(
      fc.property(
        script,
        demand,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (each, load, chances) => {
          const noise = Array.from({ length: 61 }, () => chances.next().value as number)
          const { decisions } = simulate({
            ...each,
            demand: (atMs) => (atMs < MINUTE ? { bitsPerSecond: 0, flows: 0 } : load),
            noise: (atMs) => noise[(atMs / 1000) % noise.length] ?? 0,
            lastMs: 90 * MINUTE,
          })
          const changes = decisions.filter(({ action }) => action !== 'hold')
          // Going down is for good: what remains carries the load. Before it had begun, there was none to carry.
          const firstDown = changes.findIndex(({ action, atMs }) => action === 'down' && atMs >= 3 * MINUTE)
          if (firstDown >= 0) expect(changes.slice(firstDown).filter(({ action }) => action === 'up')).toEqual([])
          // Each try that fails waits twice as long as the one before.
          expect(changes.filter(({ action }) => action === 'revert').length).toBeLessThanOrEqual(9)
        },
      ),
      { numRuns: 12 },
    )
  })
})
