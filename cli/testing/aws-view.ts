import type { CloudResource, DeploymentView, Money } from '../../contract/app.ts'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { connected } from './fake-engine.ts'

export const AWS_PLAN = DeploymentPlan.parse({
  target: 'aws',
  tunnels: 2,
  bastions: 2,
  maxTunnels: 32,
  aws: { instanceTypes: ['c6gn.medium'] },
})

export const MONEY: Money = {
  usdPerHour: 0.0968,
  usdSoFar: 3.21,
  parts: [{ name: 'instances', usdPerHour: 0.0868, usdSoFar: 2.9, detail: '2 × c6gn.medium' }],
  budgetUsd: 25,
  budgetShare: 0.1284,
  atBudget: 'shut-down',
  pricesDate: '2026-11-21',
}

export const SECURITY_GROUP: CloudResource = {
  kind: 'security group',
  id: 'sg-0123456789abcdef0',
  name: 'mole aws-3f9c2a',
  state: 'available',
  detail: 'UDP 51821–51836 from 198.51.100.2/32',
}

/** Two bastions in AWS with a tunnel each. */
export const inAws = (): DeploymentView => {
  const view = connected(2)
  return {
    ...view,
    id: 'aws-3f9c2a',
    plan: AWS_PLAN,
    bastions: [1, 2].map((index) => ({
      id: `aws-3f9c2a-b${index}`,
      index,
      state: 'running' as const,
      publicAddress: `203.0.113.${index}`,
      privateCidr: '172.31.0.0/16',
      resourceAddress: null,
      machine: {
        instanceId: `i-${index}`,
        instanceType: 'c6gn.medium',
        zone: `us-west-2${index === 1 ? 'a' : 'b'}`,
        market: index === 1 ? ('on-demand' as const) : ('spot' as const),
        spotUsdPerHour: index === 1 ? null : 0.0123,
        launchedAtMs: 1000,
      },
    })),
    tunnels: view.tunnels.map((tunnel, at) => ({ ...tunnel, slot: 1 + 8 * at, bastionId: `aws-3f9c2a-b${at + 1}` })),
    resources: [SECURITY_GROUP],
    drift: ['Somebody deleted the security group.'],
    money: MONEY,
  }
}
