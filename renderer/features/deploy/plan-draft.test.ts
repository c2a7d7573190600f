import { describe, expect, it } from 'vitest'
import { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { draftOf, parseDraft } from './plan-draft.ts'

const plan = DeploymentPlan.parse({})
const draft = draftOf(plan)

describe('parseDraft', () => {
  it('gives back the plan it was made from', () => expect(parseDraft(draft)).toEqual({ plan, errors: null }))

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
    ['tunnels', { tunnels: 9 }],
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
