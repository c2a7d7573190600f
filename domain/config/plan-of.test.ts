import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AwsPlan } from '../aws-plan.ts'
import { DeploymentPlan } from '../tunnel-plan.ts'
import { findKey, valueAt } from './keys.ts'
import { PLAN_KEYS, planOf, valuesOfPlan } from './plan-of.ts'
import { Config, DEFAULT_CONFIG } from './schema.ts'

const octet = fc.integer({ min: 0, max: 255 })

const awsPlans: fc.Arbitrary<AwsPlan> = fc
  .record({
    profile: fc.constantFrom(null, 'research'),
    region: fc.constantFrom(null, 'eu-west-1'),
    vpcId: fc.constantFrom(null, 'vpc-12345'),
    subnetIds: fc.constantFrom([], ['subnet-12345', 'subnet-6789a']),
    // A configuration names one zone at least.
    availabilityZones: fc.constantFrom(['us-west-2a'], ['eu-west-1a', 'eu-west-1b']),
    instanceTypes: fc.constantFrom(['t4g.nano'], ['c7gn.large', 'c6gn.large']),
    market: fc.constantFrom('on-demand' as const, 'spot' as const),
    maxBastions: fc.integer({ min: 1, max: 8 }),
    wholeVpc: fc.boolean(),
    sourceCidr: fc.constantFrom(null, '203.0.113.7/32'),
    routing: fc.constantFrom('nat' as const, 'routes' as const),
    leaseSeconds: fc.oneof(fc.constant(0), fc.integer({ min: 300, max: 30 * 86_400 })),
    budgetUsd: fc.constantFrom(null, 25, 0.5),
    atBudget: fc.constantFrom('alert' as const, 'shut-down' as const),
  })
  .map((plan) => AwsPlan.parse(plan))

/** Sound plans, of every target, range and rate. */
const plans: fc.Arbitrary<DeploymentPlan> = fc
  .record({
    target: fc.constantFrom('lab' as const, 'aws' as const),
    counts: fc.tuple(...([1, 2, 3] as const).map(() => fc.integer({ min: 1, max: 8 }))),
    baseCidr: octet.map((second) => `10.${second}.0.0/16`),
    privateCidr: fc.tuple(octet, octet).map(([second, third]) => `172.${second}.${third}.0/24`),
    mtuBytes: fc.integer({ min: 1280, max: 8940 }),
    labPathRateBitsPerSecond: fc.integer({ min: 1_000_000, max: 10_000_000_000 }),
    aws: awsPlans,
  })
  .map(({ counts, aws, privateCidr, ...rest }) => {
    const [minTunnels = 1, tunnels = 1, maxTunnels = 1] = counts.toSorted((a, b) => a - b)
    const plan = { ...rest, minTunnels, tunnels, maxTunnels }
    if (rest.target === 'lab') return DeploymentPlan.parse({ ...plan, privateCidr })
    // The whole of the VPC is not known before it is asked for.
    return DeploymentPlan.parse({ ...plan, aws, ...(aws.wholeVpc ? {} : { privateCidr }) })
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
    const plan = DeploymentPlan.parse({
      tunnels: 3,
      maxTunnels: 5,
      minTunnels: 2,
      bastions: 2,
      mtuBytes: 1300,
      privateCidr: '10.42.0.0/24',
    })
    const config = Config.parse(valuesOfPlan(plan))
    for (const [field, path] of Object.entries(PLAN_KEYS)) {
      // These are whole sections.
      if (['aws', 'carriage', 'autoscale', 'tuning'].includes(field)) continue
      expect(findKey(path), path).not.toBeNull()
      expect(valueAt(config, path), path).toBe(plan[field as keyof DeploymentPlan])
    }
    expect(Object.keys(PLAN_KEYS).sort()).toEqual(Object.keys(plan).sort())
  })
})
