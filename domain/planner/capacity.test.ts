import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capacityOf, effectiveTunnels, gatewayBitsPerSecond } from './capacity.ts'
import { ASSUMPTIONS, type Conditions } from './conditions.ts'
import { payloadShare } from './overhead.ts'
import type { InstanceType } from './price-table.ts'
import { given } from './provenance.ts'
import { conditions, instanceType } from './testing/arbitraries.ts'
import { shippedTable } from './testing/shipped-table.ts'

const rules = shippedTable.network

const typeNamed = (name: string): InstanceType => {
  const type = shippedTable.types.find((each) => each.name === name)
  if (type === undefined) throw new Error(`no ${name}`)
  return type
}

const usual: Conditions = {
  ...ASSUMPTIONS,
  direction: 'upload',
  mtuBytes: 1420,
  pathBitsPerSecond: null,
  streams: null,
  allowedTypes: [],
  maxInstances: 4,
  minTunnels: 1,
  maxTunnels: 8,
}

const capacity = (name: string, instances: number, tunnelsPerInstance: number, changes: Partial<Conditions> = {}) =>
  capacityOf({ type: typeNamed(name), instances, tunnelsPerInstance }, rules, { ...usual, ...changes })

describe('what passes the internet gateway', () => {
  it.each([
    ['c6gn.xlarge', 5e9],
    ['t4g.nano', 5e9],
    ['c6gn.8xlarge', 25e9],
    ['c6gn.16xlarge', 50e9],
  ])('of one %s is %d bit/s on the wire', (name, wanted) => {
    const type = typeNamed(name)
    expect(gatewayBitsPerSecond(type, rules, type.burstBitsPerSecond)).toBe(wanted)
  })
})

describe('what a shape carries', () => {
  it('is bound by the gateway where the instance has more', () => {
    const { steady, burst } = capacity('c6gn.xlarge', 1, 8)
    expect(steady.binds).toBe('gateway')
    expect(steady.bitsPerSecond).toBeCloseTo(5e9 * (1368 / 1480), 0)
    expect(burst).toBeNull()
  })

  it('is bound by the steady bandwidth, and by something else in a burst', () => {
    const { steady, burst } = capacity('c6gn.large', 1, 3)
    expect(steady).toMatchObject({ binds: 'instance', bitsPerSecond: 3e9 * (1368 / 1480) })
    expect(burst).toMatchObject({ binds: 'vcpus', bitsPerSecond: 3e9 })
  })

  it('is bound by tunnels, streams, one flow or the path where they are narrower', () => {
    expect(capacity('c6gn.8xlarge', 1, 2).steady.binds).toBe('tunnels')
    expect(capacity('c6gn.8xlarge', 1, 8, { streams: 1 }).steady).toMatchObject({
      binds: 'streams',
      bitsPerSecond: 1.5e9,
    })
    expect(capacity('c6gn.8xlarge', 1, 1, { tunnelBitsPerSecond: given(8e9, 'test') }).steady.binds).toBe('flow')
    expect(capacity('c6gn.8xlarge', 1, 8, { pathBitsPerSecond: given(1e9, 'test') }).steady.binds).toBe('path')
  })

  it('of few streams is what the flows and the instances they ride on let through', () => {
    const share = 1368 / 1480
    const one = { streams: 1, tunnelBitsPerSecond: given(8e9, 'test') }
    expect(capacity('c6gn.8xlarge', 1, 8, one).steady).toMatchObject({ binds: 'streams', bitsPerSecond: 5e9 * share })
    expect(capacity('t4g.small', 4, 2, { streams: 1 })).toMatchObject({
      steady: { binds: 'streams', bitsPerSecond: 0.128e9 * share },
      burst: { bitsPerSecond: 1.5e9 },
    })
    expect(capacity('c6gn.medium', 4, 2, { streams: 2 }).steady).toMatchObject({
      binds: 'streams',
      bitsPerSecond: effectiveTunnels(2, 0.75) * 1.5e9,
    })
    expect(capacity('t4g.small', 2, 2, { streams: 2 }).steady.binds).toBe('instance')
  })

  it('has no more payload from an MTU that no internet gateway lets through', () => {
    expect(capacity('t4g.small', 1, 1, { mtuBytes: 8940 })).toEqual(capacity('t4g.small', 1, 1, { mtuBytes: 1440 }))
  })

  it('never passes the gateway, nor any limit it names', () => {
    fc.assert(
      fc.property(
        conditions,
        instanceType,
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 8 }),
        (given, type, instances, tunnelsPerInstance) => {
          const { steady, burst } = capacityOf({ type, instances, tunnelsPerInstance }, rules, given)
          const share = payloadShare(given.mtuBytes)
          for (const rate of burst === null ? [steady] : [steady, burst]) {
            const through = gatewayBitsPerSecond(type, rules, type.burstBitsPerSecond) * instances * share
            expect(rate.bitsPerSecond).toBeLessThanOrEqual(through)
            for (const limit of rate.limits) expect(rate.bitsPerSecond).toBeLessThanOrEqual(limit.bitsPerSecond)
            expect(rate.limits.find(({ name }) => name === rate.binds)?.bitsPerSecond).toBe(rate.bitsPerSecond)
          }
          if (burst !== null) expect(burst.bitsPerSecond).toBeGreaterThan(steady.bitsPerSecond)
        },
      ),
    )
  })

  it('never shrinks by a tunnel or an instance more', () => {
    fc.assert(
      fc.property(
        conditions,
        instanceType,
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 7 }),
        (given, type, instances, tunnels) => {
          const rate = (i: number, t: number): number =>
            capacityOf({ type, instances: i, tunnelsPerInstance: t }, rules, given).steady.bitsPerSecond
          expect(rate(instances, tunnels + 1)).toBeGreaterThanOrEqual(rate(instances, tunnels) * (1 - 1e-12))
          expect(rate(instances + 1, tunnels)).toBeGreaterThanOrEqual(rate(instances, tunnels) * (1 - 1e-12))
        },
      ),
    )
  })
})

describe('tunnels together', () => {
  it('lose nothing alone, the share at eight, and no more beyond', () => {
    expect(effectiveTunnels(1, 0.75)).toBe(1)
    expect(effectiveTunnels(8, 0.75)).toBe(6)
    expect(effectiveTunnels(16, 0.75)).toBe(12)
    // The specification's own figure for four: 5 to 6 Gbit/s of 1.5 each.
    expect(effectiveTunnels(4, 0.75) * 1.5).toBeGreaterThan(5)
    expect(effectiveTunnels(4, 0.75) * 1.5).toBeLessThan(6)
  })
})
