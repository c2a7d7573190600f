import { expect, it } from 'vitest'
import { DeploymentPlan } from '../tunnel-plan.ts'
import { probeForPlan } from './for-plan.ts'
import { ProbeRequest } from './request.ts'

const { target: _, ...asked } = ProbeRequest.parse({ target: { kind: 'none' } })

it('probes for the lab a site that holds each flow to the rate of one path, up to the largest plan', () => {
  const plan = DeploymentPlan.parse({ labPathRateBitsPerSecond: 50_000_000, maxTunnels: 4 })
  expect(probeForPlan(plan, '', asked)).toMatchObject({
    regions: [],
    target: { kind: 'lab', site: { rateBitsPerSecond: 200_000_000, flowRateBitsPerSecond: 50_000_000 } },
  })
  const largest = DeploymentPlan.parse({ labPathRateBitsPerSecond: 10_000_000_000, maxTunnels: 64 })
  expect(ProbeRequest.parse(probeForPlan(largest, '', asked)).target.kind).toBe('lab')
})

it('probes for AWS from where only this plan’s network is let in, by the instance that is preferred', () => {
  const own = { profile: 'lab', instanceTypes: ['c6gn.large', 'c6gn.medium'], sourceCidr: '192.0.2.0/24' }
  const plan = DeploymentPlan.parse({ target: 'aws', aws: own })
  expect(ProbeRequest.parse(probeForPlan(plan, 'eu-west-1', asked)).target).toEqual({
    kind: 'aws',
    profile: 'lab',
    region: 'eu-west-1',
    instanceType: 'c6gn.large',
    allowedCidr: '192.0.2.0/24',
  })
})
