import type { PriceTable } from '../../../domain/planner/price-table.ts'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { type Clock, systemClock } from '../../clock.ts'
import type { CloudProvider, HostAccess } from '../provider.ts'
import { type AwsAccess, accountOf, openAccess } from './access.ts'
import { awsPlanOf, completePlan, regionOfPlan } from './complete-plan.ts'
import { type FindAddress, findPublicAddress } from './find-address.ts'
import { leftoversOf, observeHoldings } from './holdings.ts'
import { launchBastion } from './launch-bastion.ts'
import { mendInstances } from './mend-instances.ts'
import { observeAwsDeployment } from './observe-deployment.ts'
import { observeAwsProblem } from './problem.ts'
import { readPublishedEnds } from './published-ends.ts'
import { removeDeployment, terminateBastions } from './removal.ts'
import { reviewDeployment } from './review-deployment.ts'
import { ensureSecurityGroup } from './security-group.ts'

export type AwsOptions = {
  /** Where the tunnels' near end lives. */
  readonly host: HostAccess
  /** The price table in force. */
  readonly prices: () => PriceTable
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly clock?: Clock
  /** Finds this host's public address; default: AWS is asked. */
  readonly findAddress?: FindAddress
}

/** A look that takes longer is given up. */
const LOOK_LIMIT_MS = 60_000
const POLL_MS = 2000
/** Drift is seen within a minute. */
const WATCH_MS = 30_000

/** Amazon EC2 as a cloud: bastions are instances in a VPC of the user's. */
export const awsProvider = ({
  host,
  prices,
  environment = process.env,
  clock = systemClock,
  findAddress = findPublicAddress,
}: AwsOptions): CloudProvider => {
  const looking = (plan: DeploymentPlan): AwsAccess =>
    openAccess(accountOf(plan), { clock, signal: AbortSignal.timeout(LOOK_LIMIT_MS), hasty: true })
  const working = (plan: DeploymentPlan, signal: AbortSignal): AwsAccess =>
    openAccess(accountOf(plan), { clock, signal })

  return {
    id: 'aws',
    title: 'Amazon EC2',
    summary: 'Bastions as EC2 instances in a VPC of yours. It costs money for as long as they run.',
    host,
    pollMs: POLL_MS,
    watchMs: WATCH_MS,
    problem: () => observeAwsProblem(environment, clock),
    complete: async (plan) => {
      const aws = awsPlanOf(plan)
      const region = await regionOfPlan(aws, environment)
      return completePlan(looking({ ...plan, aws: { ...aws, region } }), plan, findAddress)
    },
    review: async (plan) => reviewDeployment(looking(plan), plan, prices()),
    observe: async (whose) => observeAwsDeployment(looking(whose.plan), whose),
    prepare: async (whose, tell, signal) => {
      const access = working(whose.plan, signal)
      const { vpcId, sourceCidr } = awsPlanOf(whose.plan)
      const wanted = { deploymentId: whose.id, vpcId: vpcId ?? '', sourceCidr: sourceCidr ?? '' }
      await ensureSecurityGroup(access, wanted, tell)
      await mendInstances(access, whose, tell)
    },
    launch: async (request, tell, signal) => launchBastion(working(request.plan, signal), request, tell),
    publishedEnds: async ({ plan }, bastion) => readPublishedEnds(looking(plan), bastion),
    terminate: async (whose, bastionIds, tell, signal) =>
      terminateBastions(working(whose.plan, signal), whose, bastionIds, tell),
    remove: async (whose, tell, signal) => removeDeployment(working(whose.plan, signal), whose, tell),
    // Of no deployment that is recorded: what lost state has left is found by tag, when somebody asks for it.
    leftovers: async (whose) => (whose === null ? [] : leftoversOf(await observeHoldings(looking(whose.plan), whose))),
  }
}
