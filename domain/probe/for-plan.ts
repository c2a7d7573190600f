import { type DeploymentPlan, MAX_TUNNELS_PER_BASTION } from '../tunnel-plan.ts'
import { type ProbeRequest, type ProbeTarget, SiteCondition } from './request.ts'

/**
 * The lab gives each tunnel a path of its own: to a probe that is a network which holds every flow to the rate of one path,
 * and has room for as many as one bastion carries.
 */
const labSite = ({ labPathRateBitsPerSecond: rate, maxTunnels }: DeploymentPlan): ProbeTarget => ({
  kind: 'lab',
  site: SiteCondition.parse({
    rateBitsPerSecond: rate * Math.min(maxTunnels, MAX_TUNNELS_PER_BASTION),
    flowRateBitsPerSecond: rate,
  }),
})

/**
 * What is probed before a plan is made: the network its tunnels will ride, and no other region.
 * @param region of the plan in AWS, once it is known
 */
export const probeForPlan = (
  plan: DeploymentPlan,
  region: string,
  asked: Omit<ProbeRequest, 'target'>,
): ProbeRequest => ({
  ...asked,
  regions: [],
  target:
    plan.aws === null
      ? labSite(plan)
      : {
          kind: 'aws',
          profile: plan.aws.profile,
          region,
          instanceType: plan.aws.instanceTypes[0] ?? null,
          allowedCidr: plan.aws.sourceCidr,
        },
})
