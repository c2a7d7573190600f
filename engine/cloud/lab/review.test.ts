import { describe, expect, it } from 'vitest'
import { MoleError } from '../../../contract/errors.ts'
import { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { reviewLab } from './review.ts'

const reviewOf = (privateCidr: string) => () => reviewLab(DeploymentPlan.parse({ privateCidr }))

describe('the review of a lab deployment', () => {
  it('refuses a private network that cannot hold the bastion and the resource, before anything is made', () => {
    for (const cidr of ['10.9.0.0/30', '10.9.0.0/31', '10.9.0.1/32']) {
      expect(reviewOf(cidr)).toThrow(MoleError)
      expect(reviewOf(cidr)).toThrow(
        expect.objectContaining({ code: 'bad-input', data: expect.objectContaining({ field: 'privateCidr' }) }),
      )
    }
  })

  it('takes the smallest that can', () => {
    expect(reviewOf('10.9.0.0/29')().resources).toContainEqual(expect.objectContaining({ name: '10.9.0.0/29' }))
  })

  it('counts bastions, and what each of them brings', () => {
    const reviewed = (bastions: number, privateCidr: string) => () =>
      reviewLab(DeploymentPlan.parse({ tunnels: 8, bastions, privateCidr }))
    const names = reviewed(5, '10.9.0.0/29')().resources.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['5 bastions', '40 internet paths']))
    expect(reviewed(6, '10.9.0.0/29')).toThrow(MoleError)
    expect(reviewed(6, '10.9.0.0/28')).not.toThrow()
  })
})
