import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ASSUMPTIONS } from '../planner/conditions.ts'
import { hourlyCostOf } from '../planner/cost.ts'
import { pricesIn, shippedTable } from '../planner/testing/shipped-table.ts'
import type { MachineSpan } from './machine-span.ts'
import { type Reckoning, reckonMoney, type Spending } from './reckon.ts'

const START = Date.UTC(2026, 10, 21, 12)
const HOUR = 3_600_000

const machine = (changes: Partial<MachineSpan> = {}): MachineSpan => ({
  instanceType: 'c6gn.medium',
  market: 'on-demand',
  spotPrices: [],
  launchedAtMs: START,
  endedAtMs: null,
  ...changes,
})

const spending = (changes: Partial<Spending> = {}): Spending => ({
  region: 'us-west-2',
  machines: [],
  traffic: [],
  diskGb: ASSUMPTIONS.diskGb,
  budgetUsd: null,
  atBudget: 'alert',
  ...changes,
})

const reckon = (changes: Partial<Spending>, nowMs: number): Reckoning =>
  reckonMoney(spending(changes), shippedTable, nowMs)

const part = ({ parts }: Reckoning, name: string): Reckoning['parts'][number] => {
  const found = parts.find((each) => each.name === name)
  if (found === undefined) throw new Error(name)
  return found
}

const machines: fc.Arbitrary<MachineSpan> = fc
  .record({
    instanceType: fc.constantFrom(...pricesIn('us-west-2').onDemandUsdPerHour.keys()),
    market: fc.constantFrom('on-demand' as const, 'spot' as const),
    launchedAfterMs: fc.integer({ min: 0, max: 5 * HOUR }),
    livedMs: fc.option(fc.integer({ min: 0, max: 50 * HOUR })),
    spot: fc.array(
      fc.record({
        afterMs: fc.integer({ min: 0, max: 5 * HOUR }),
        usd: fc.double({ min: 0.001, max: 3, noNaN: true }),
      }),
      { maxLength: 4 },
    ),
  })
  .map(({ instanceType, market, launchedAfterMs, livedMs, spot }) => {
    const launchedAtMs = START + launchedAfterMs
    const spotPrices = spot
      .map(({ afterMs, usd }) => ({ fromMs: launchedAtMs + afterMs, usdPerHour: usd }))
      .sort((a, b) => a.fromMs - b.fromMs)
    return {
      instanceType,
      market,
      spotPrices,
      launchedAtMs,
      endedAtMs: livedMs === null ? null : launchedAtMs + livedMs,
    }
  })

const traffic = fc.uniqueArray(
  fc.record({
    month: fc.constantFrom('2026-10', '2026-11', '2026-12'),
    bytesIn: fc.integer({ min: 0, max: 1e15 }),
    bytesOut: fc.integer({ min: 0, max: 1e15 }),
  }),
  { selector: ({ month }) => month },
)

describe('what a deployment costs', () => {
  it('is, of an hour of one instance, what the planner says an hour costs', () => {
    const planned = hourlyCostOf('c6gn.medium', 1, pricesIn('us-west-2'), ASSUMPTIONS)
    const money = reckon({ machines: [machine()] }, START + HOUR)
    expect(money.usdPerHour).toBeCloseTo(planned?.totalUsd ?? 0, 12)
    expect(money.usdSoFar).toBeCloseTo(planned?.totalUsd ?? 0, 12)
  })

  it('is billed by the second, a minute at least, and stops with the machine', () => {
    const soFar = (endedAtMs: number | null, nowMs: number): number =>
      part(reckon({ machines: [machine({ endedAtMs })] }, nowMs), 'instances').usdSoFar ?? 0
    const second = (pricesIn('us-west-2').onDemandUsdPerHour.get('c6gn.medium')?.value ?? 0) / 3600
    expect(soFar(null, START + 1000)).toBeCloseTo(60 * second, 12)
    expect(soFar(null, START + 90_100)).toBeCloseTo(91 * second, 12)
    expect(soFar(START + 90_000, START + HOUR)).toBeCloseTo(90 * second, 12)
    expect(reckon({ machines: [machine({ endedAtMs: START + 90_000 })] }, START + HOUR).usdPerHour).toBe(0)
  })

  it('takes each stretch of a Spot instance at the price seen then', () => {
    const spotPrices = [
      { fromMs: START + HOUR / 2, usdPerHour: 0.02 },
      { fromMs: START + 2 * HOUR, usdPerHour: 0.05 },
    ]
    const money = reckon({ machines: [machine({ market: 'spot', spotPrices })] }, START + 3 * HOUR)
    const { usdPerHour, usdSoFar, detail } = part(money, 'instances')
    expect([usdPerHour, detail.includes('observed 2026-11-21')]).toEqual([0.05, true])
    expect(usdSoFar).toBeCloseTo(2 * 0.02 + 0.05, 12)
  })

  it('takes a Spot instance whose price nobody knows as dear as on demand, and says that it assumes so', () => {
    const at = START + HOUR
    const spot = part(reckon({ machines: [machine({ market: 'spot' })] }, at), 'instances')
    expect(spot.usdSoFar).toBe(part(reckon({ machines: [machine()] }, at), 'instances').usdSoFar)
    expect(spot.detail).toContain('assumed')
  })

  it('is not known of a type, a region or traffic without a price, and the budget counts what is known', () => {
    const strange = reckon({ machines: [machine(), machine({ instanceType: 'x9.huge' })], budgetUsd: 1 }, START + HOUR)
    expect([strange.usdPerHour, strange.usdSoFar, part(strange, 'instances').usdSoFar]).toEqual([null, null, null])
    expect(strange.budgetShare).toBeGreaterThan(
      reckon({ machines: [machine()], budgetUsd: 1 }, START + HOUR).budgetShare ?? 9,
    )

    const nowhere = reckon({ region: 'mars-north-1', machines: [machine()], budgetUsd: 1 }, START + HOUR)
    expect([nowhere.usdPerHour, nowhere.usdSoFar, nowhere.budgetShare]).toEqual([null, null, 0])
    expect(nowhere.parts.every(({ detail }) => detail.includes('mars-north-1'))).toBe(true)

    const month = { month: '2026-11', bytesIn: 5, bytesOut: 5e9 }
    const out = reckon({ region: 'eu-west-1', machines: [machine()], traffic: [month] }, START + HOUR)
    expect([out.usdSoFar, part(out, 'data out').usdSoFar]).toEqual([null, null])
    expect(out.usdPerHour).toBeGreaterThan(0)
    expect(reckon({ region: 'eu-west-1', machines: [machine()] }, START + HOUR).usdSoFar).toBeGreaterThan(0)
  })

  it('begins the tiers of data out anew with each month', () => {
    const out = (traffic: Spending['traffic']): number | null => part(reckon({ traffic }, START), 'data out').usdSoFar
    const tb = (month: string, bytesOut: number) => ({ month, bytesIn: 0, bytesOut })
    expect(out([tb('2026-11', 20.48e12)])).toBeCloseTo(10240 * 0.09 + 10240 * 0.085, 6)
    expect(out([tb('2026-11', 10.24e12), tb('2026-12', 10.24e12)])).toBeCloseTo(2 * 10240 * 0.09, 6)
  })

  it('says of every part from which price it was reckoned, and of which day or that there is none', () => {
    const { parts } = reckon(
      { machines: [machine()], traffic: [{ month: '2026-11', bytesIn: 1e9, bytesOut: 1e9 }] },
      START,
    )
    for (const { detail } of parts) expect(detail).toMatch(/\$\d.*(published|assumed)/)
  })

  it('never falls with time, nor by a machine or a byte more', () => {
    const any = fc.record({ machines: fc.array(machines, { maxLength: 5 }), traffic })
    fc.assert(
      fc.property(
        any,
        machines,
        fc.nat(100 * HOUR),
        fc.nat(HOUR),
        fc.nat(1e12),
        (given, more, afterMs, laterMs, bytes) => {
          const at = START + afterMs
          const usd = (changes: Partial<Spending>, nowMs: number): number =>
            reckon({ ...given, ...changes }, nowMs).usdSoFar ?? -1
          const now = usd({}, at)
          expect(usd({}, at + laterMs)).toBeGreaterThanOrEqual(now - 1e-9)
          expect(usd({ machines: [...given.machines, more] }, at)).toBeGreaterThan(now)
          const grown = given.traffic.map((each) => ({ ...each, bytesOut: each.bytesOut + bytes }))
          expect(usd({ traffic: grown }, at)).toBeGreaterThanOrEqual(now - 1e-9)
        },
      ),
    )
  })

  it('is the sum over its machines, and of its parts', () => {
    fc.assert(
      fc.property(fc.array(machines, { maxLength: 6 }), fc.nat(100 * HOUR), (given, afterMs) => {
        const at = START + afterMs
        const all = reckon({ machines: given }, at)
        const each = given.map((one) => reckon({ machines: [one] }, at))
        expect(all.usdSoFar).toBeCloseTo(
          each.reduce((sum, one) => sum + (one.usdSoFar ?? 0), 0),
          9,
        )
        expect(all.usdPerHour).toBeCloseTo(
          each.reduce((sum, one) => sum + (one.usdPerHour ?? 0), 0),
          9,
        )
        expect(all.usdSoFar).toBeCloseTo(
          all.parts.reduce((sum, one) => sum + (one.usdSoFar ?? 0), 0),
          9,
        )
      }),
    )
  })
})
