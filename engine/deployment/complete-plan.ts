import { AwsPlan } from '../../domain/aws-plan.ts'
import type { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import type { CloudProvider } from '../cloud/provider.ts'
import type { DeploymentRecord } from '../store/deployment-table.ts'

/** What a plan may leave to the cloud, and what stands for "left open". */
const isOpen = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0)

/** What is left open is as it is in the deployment that is up. Zones only choose subnets, which it has. Pure. */
const inherit = (asked: AwsPlan, current: AwsPlan): AwsPlan =>
  AwsPlan.parse({
    ...asked,
    ...Object.fromEntries(
      (['profile', 'region', 'vpcId', 'subnetIds'] as const)
        .filter((field) => isOpen(asked[field]))
        .map((field) => [field, current[field]]),
    ),
    availabilityZones: current.availabilityZones,
  })

/**
 * The plan with all filled in that it leaves open: as it is in the deployment that is up, else as the cloud has it.
 * Who is let in stays open where it was, because this host's address may change.
 */
export const completePlan = async (
  provider: CloudProvider,
  asked: DeploymentPlan,
  record: DeploymentRecord | null,
): Promise<DeploymentPlan> => {
  const current = record?.plan ?? null
  if (asked.aws !== null && current !== null && current.aws !== null)
    return {
      ...asked,
      aws: inherit(asked.aws, current.aws),
      privateCidr: asked.aws.wholeVpc ? current.privateCidr : asked.privateCidr,
    }
  const complete = await provider.complete(asked)
  if (complete.aws === null || asked.aws === null) return complete
  return { ...complete, aws: { ...complete.aws, sourceCidr: asked.aws.sourceCidr } }
}
