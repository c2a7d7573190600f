import { expect, it } from 'vitest'
import type { Recommendation } from '../../../domain/probe/analysis.ts'
import { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { advisedDraft } from './advised-draft.ts'
import { draftOf, parseDraft } from './plan-draft.ts'

const reason = 'Because it was measured.'
const recommendation: Recommendation = {
  innerMtuBytes: { value: 1380, reason, key: 'tunnel.mtu' },
  tunnels: { value: 6, reason, key: 'deployment.tunnels' },
  streams: null,
  mptcp: { value: true, reason, key: 'mptcp.enable' },
  congestionControl: null,
  bufferBytes: null,
  pinning: null,
  bastion: {
    value: { instanceType: 'c6gn.medium', bastions: 2, usdPerHour: null },
    reason,
    key: 'aws.instance_types',
  },
}
const advice = { recommendation, account: { profile: 'lab', region: 'eu-west-1' } }
const lab = advisedDraft(draftOf(DeploymentPlan.parse({})), advice)

it('is as recommended in the lab, where there are no instances', () => {
  expect(parseDraft(lab).plan).toMatchObject({ mtuBytes: 1380, tunnels: 6, bastions: 1, aws: null })
})

it('is as recommended in AWS, too, when that is chosen afterwards', () => {
  const { carriage } = DeploymentPlan.parse({})
  const chosen = advisedDraft({ ...lab, target: 'aws', carriage, allowedTypes: ['c6gn.large'] }, advice)
  const { plan } = parseDraft(chosen)
  expect(plan).toMatchObject({ mtuBytes: 1380, tunnels: 6, bastions: 2, carriage: { mptcp: expect.anything() } })
  expect(plan?.aws?.instanceTypes[0]).toBe('c6gn.medium')
  // The planner leaves it as it is, and still prefers what the configuration allows.
  expect(chosen).toMatchObject({ isShaped: true, allowedTypes: ['c6gn.large'], advice })
})
