import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DeploymentPlan } from '../tunnel-plan.ts'
import { findKey, valueAt } from './keys.ts'
import { PLAN_KEYS, planOf, valuesOfPlan } from './plan-of.ts'
import { Config, DEFAULT_CONFIG } from './schema.ts'

const octet = fc.integer({ min: 0, max: 255 })

/** Sound plans, of every target, range and rate. */
const plans: fc.Arbitrary<DeploymentPlan> = fc
  .record({
    target: fc.constantFrom('lab' as const, 'aws' as const),
    counts: fc.tuple(...([1, 2, 3] as const).map(() => fc.integer({ min: 1, max: 8 }))),
    baseCidr: octet.map((second) => `10.${second}.0.0/16`),
    privateCidr: fc.tuple(octet, octet).map(([second, third]) => `172.${second}.${third}.0/24`),
    mtuBytes: fc.integer({ min: 1280, max: 8940 }),
    labPathRateBitsPerSecond: fc.integer({ min: 1_000_000, max: 10_000_000_000 }),
  })
  .map(({ counts, ...rest }) => {
    const [minTunnels = 1, tunnels = 1, maxTunnels = 1] = counts.toSorted((a, b) => a - b)
    return DeploymentPlan.parse({ ...rest, minTunnels, tunnels, maxTunnels })
  })

describe('planOf', () => {
  it('of what a plan asks for is the plan', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        expect(planOf(Config.parse(valuesOfPlan(plan)))).toEqual(plan)
      }),
    )
  })

  it('of the built-in configuration is the plan of nothing said', () => {
    expect(planOf(DEFAULT_CONFIG)).toEqual(DeploymentPlan.parse({}))
  })
})

describe('PLAN_KEYS', () => {
  it('names the key of each field of a plan', () => {
    const plan = DeploymentPlan.parse({ target: 'aws', tunnels: 3, maxTunnels: 5, minTunnels: 2, mtuBytes: 1300 })
    const config = Config.parse(valuesOfPlan(plan))
    for (const [field, path] of Object.entries(PLAN_KEYS)) {
      expect(findKey(path), path).not.toBeNull()
      expect(valueAt(config, path), path).toBe(plan[field as keyof DeploymentPlan])
    }
    expect(Object.keys(PLAN_KEYS).sort()).toEqual(Object.keys(plan).sort())
  })
})
