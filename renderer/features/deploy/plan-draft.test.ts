import { describe, expect, it } from 'vitest'
import { AwsPlan } from '../../../domain/aws-plan.ts'
import { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { draftOf, parseDraft } from './plan-draft.ts'

const plan = DeploymentPlan.parse({})
const draft = draftOf(plan)
const awsPlan = DeploymentPlan.parse({
  target: 'aws',
  tunnels: 9,
  bastions: 2,
  maxTunnels: 32,
  privateCidr: '10.20.0.0/16',
  aws: AwsPlan.parse({ instanceTypes: ['c6gn.large'], vpcId: 'vpc-12345', leaseSeconds: 5400, budgetUsd: 60 }),
})

describe('parseDraft', () => {
  it('gives back the plan it was made from', () => expect(parseDraft(draft)).toEqual({ plan, errors: null }))

  it('gives back how traffic is carried, scaled and tuned', () => {
    const special = DeploymentPlan.parse({
      carriage: { spread: 'hash', probe: { intervalMs: 250 }, mptcp: { strategy: 'adaptive' }, relay: true },
      autoscale: { enabled: true, upThreshold: 0.7 },
      tuning: { apply: 'always', wanted: { nicRings: true } },
    })
    expect(parseDraft(draftOf(special))).toEqual({ plan: special, errors: null })
  })

  it('gives back a plan of AWS', () => expect(parseDraft(draftOf(awsPlan))).toEqual({ plan: awsPlan, errors: null }))

  it.each([
    ['aws.sourceCidr', { sourceCidr: '10.0.0.1/8' }],
    ['aws.privateCidr', { wholeVpc: false, privateCidr: '' }],
    ['aws.privateCidr', { wholeVpc: false, privateCidr: '10.100.3.0/24' }],
    ['aws.instanceTypes', { instanceTypes: ['large'] }],
    ['aws.leaseHours', { leaseHours: -1 }],
    ['aws.leaseHours', { leaseHours: '' }],
    ['aws.leaseHours', { leaseHours: 0.05 }],
    ['aws.budgetUsd', { budgetUsd: 0 }],
    ['aws.maxBastions', { maxBastions: 9 }],
    ['aws.routing', { routing: 'routes' }],
    ['baseCidr', { vpcCidr: '10.100.0.0/16' }],
  ] as const)('names the field of AWS at fault: %s of %o', (field, change) => {
    const asked = draftOf(awsPlan)
    const { errors } = parseDraft({ ...asked, aws: { ...asked.aws, ...change } })
    expect(Object.keys(errors ?? {})).toEqual([field])
  })

  it('reads megabits', () =>
    expect(parseDraft({ ...draft, pathRateMegabits: '50' }).plan?.labPathRateBitsPerSecond).toBe(50_000_000))

  it.each([
    ['pathRateMegabits', { pathRateMegabits: '' }],
    ['pathRateMegabits', { pathRateMegabits: 0 }],
    ['mtuBytes', { mtuBytes: 500 }],
    ['mtuBytes', { mtuBytes: '' }],
    ['baseCidr', { baseCidr: '10.100.0.0/24' }],
    ['privateCidr', { privateCidr: '10.200.0.1/24' }],
    ['privateCidr', { privateCidr: '10.100.7.0/24' }],
    ['privateCidr', { privateCidr: '127.0.0.0/8' }],
    ['tunnels', { tunnels: 65 }],
    ['tunnels', { tunnels: '' }],
    ['bastions', { bastions: 9 }],
  ] as const)('names the field at fault: %s of %o', (field, change) => {
    const { plan: none, errors } = parseDraft({ ...draft, ...change })
    expect(none).toBeNull()
    expect(Object.keys(errors ?? {})).toEqual([field])
  })

  it('says what is wrong in a sentence', () =>
    expect(parseDraft({ ...draft, privateCidr: '10.100.7.0/24' }).errors?.privateCidr).toMatch(
      /^10\.100\.7\.0\/24 overlaps .*\.$/,
    ))
})
