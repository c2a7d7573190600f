import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { predictGoodput, tunnelCapacityOf } from './predict-goodput.ts'

const lab = DeploymentPlan.parse({})
const none = { capacityPerTunnelBitsPerSecond: null, capacityOrigin: '' }
const measured = { capacityPerTunnelBitsPerSecond: 184e6, capacityOrigin: 'measured just now' }

describe('what one tunnel carries', () => {
  it('is what was measured, before everything else', () =>
    expect(tunnelCapacityOf(lab, measured)).toEqual({
      bitsPerSecond: 184e6,
      basis: 'measured',
      origin: 'measured just now',
    }))

  it('is estimated from the shaped paths of the lab, less than their rate', () => {
    const { bitsPerSecond, basis } = tunnelCapacityOf(lab, none)
    expect(basis).toBe('estimated')
    expect(bitsPerSecond).toBeLessThan(lab.labPathRateBitsPerSecond)
    expect(bitsPerSecond).toBeGreaterThan(lab.labPathRateBitsPerSecond * 0.9)
  })

  it('is not known in a cloud where nothing was measured, and says so', () => {
    const cloud = { ...lab, target: 'aws' as const }
    expect(tunnelCapacityOf(cloud, none)).toMatchObject({ bitsPerSecond: null, basis: 'unknown' })
    expect(predictGoodput(tunnelCapacityOf(cloud, none), 4)).toBeNull()
  })
})

describe('what many carry', () => {
  const capacity = tunnelCapacityOf(lab, measured)

  it('is exactly one for one, and a range for more', () => {
    expect(predictGoodput(capacity, 1)).toEqual({ least: 184e6, most: 184e6 })
    expect(predictGoodput(capacity, 8)).toEqual({ least: 0.75 * 8 * 184e6, most: 8 * 184e6 })
  })

  it('never shrinks with another tunnel, and never passes the ceiling', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 63 }), fc.integer({ min: 1e6, max: 1e10 }), (count, ceiling) => {
        const fewer = predictGoodput(capacity, count, ceiling)
        const more = predictGoodput(capacity, count + 1, ceiling)
        expect(more?.least).toBeGreaterThanOrEqual(fewer?.least ?? 0)
        expect(more?.most).toBeGreaterThanOrEqual(fewer?.most ?? 0)
        expect(more?.most).toBeLessThanOrEqual(ceiling)
        expect(more?.least).toBeLessThanOrEqual(more?.most ?? 0)
      }),
    ))
})
