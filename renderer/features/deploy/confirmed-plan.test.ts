import { describe, expect, it } from 'vitest'
import { AwsPlan } from '../../../domain/aws-plan.ts'
import { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { confirmedPlan } from './confirmed-plan.ts'

const planWith = (aws: Partial<AwsPlan>): DeploymentPlan =>
  DeploymentPlan.parse({ target: 'aws', aws: AwsPlan.parse({ instanceTypes: ['c6gn.medium'], ...aws }) })

describe('a confirmed plan', () => {
  const shown = { region: 'us-west-2', vpcId: 'vpc-12345', sourceCidr: '198.51.100.7/32' }

  it('is the one that was shown, and does not pin the address that this host happens to have', () => {
    expect(confirmedPlan(planWith(shown), planWith({}))).toEqual(planWith({ ...shown, sourceCidr: null }))
  })

  it('lets in whom somebody named', () => {
    expect(confirmedPlan(planWith(shown), planWith({ sourceCidr: shown.sourceCidr }))).toEqual(planWith(shown))
  })

  it('is as shown in the lab', () => {
    const lab = DeploymentPlan.parse({})
    expect(confirmedPlan(lab, lab)).toEqual(lab)
  })
})
