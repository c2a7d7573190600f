import type { PriceTable } from '../../../domain/planner/price-table.ts'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import type { Clock } from '../../clock.ts'
import type { CloudProvider, ProbeBastion, ProbeBastions } from '../provider.ts'
import { type AwsAccess, accountOf, openAccess } from './access.ts'
import { awsPlanOf, completePlan, regionOfPlan } from './complete-plan.ts'
import { addressFinder, type FindAddress, rememberAddress } from './find-address.ts'
import { leftoversOf, observeHoldings } from './holdings.ts'
import { launchBastion } from './launch-bastion.ts'
import { mendInstances } from './mend-instances.ts'
import { observeAwsDeployment } from './observe-deployment.ts'
import { openProbeBastion, removeProbeBastion } from './probe-bastion.ts'
import { reviewProbeBastion } from './probe-review.ts'
import { readPublishedEnds } from './published-ends.ts'
import { removeDeployment, terminateBastions } from './removal.ts'
import { reviewDeployment } from './review-deployment.ts'
import { ensureSecurityGroup } from './security-group.ts'
import { openYoungGroups } from './young-groups.ts'

export type AwsWorkOptions = {
  /** The price table in force. */
  readonly prices: () => PriceTable
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Finds this host's public address; default: AWS is asked. */
  readonly findAddress?: FindAddress
}

/** What a cloud does, without what it says of itself. */
export type AwsWork = Pick<
  CloudProvider,
  'complete' | 'review' | 'observe' | 'prepare' | 'launch' | 'publishedEnds' | 'terminate' | 'remove' | 'leftovers'
> & { readonly probing: ProbeBastions }

/** A look that takes longer is given up. */
const LOOK_LIMIT_MS = 60_000
/** This host’s address is asked for no more often. */
const ADDRESS_MS = 55_000

/** All that is asked of AWS. It is a file of its own because the SDK behind it takes a second to load. */
export const awsWork = ({ prices, environment, clock, findAddress = addressFinder() }: AwsWorkOptions): AwsWork => {
  const looking = (plan: DeploymentPlan): AwsAccess =>
    openAccess(accountOf(plan), { clock, signal: AbortSignal.timeout(LOOK_LIMIT_MS), hasty: true })
  const young = openYoungGroups(clock)
  const remembered = rememberAddress(findAddress, clock, ADDRESS_MS)
  /** Whom the security group is to let in. What a plan leaves open is this host, wherever it is now. */
  const sourceOf = async (plan: DeploymentPlan, find: FindAddress, signal: AbortSignal): Promise<string> =>
    awsPlanOf(plan).sourceCidr ?? `${await find(signal)}/32`
  const working = (plan: DeploymentPlan, signal: AbortSignal): AwsAccess =>
    openAccess(accountOf(plan), { clock, signal })
  /** Patient where an act depends on it. */
  const lookingFor = (plan: DeploymentPlan, act: AbortSignal | undefined): AwsAccess =>
    act === undefined ? looking(plan) : working(plan, act)

  const callerOf = async ({ allowedCidr }: ProbeBastion, signal: AbortSignal): Promise<string> =>
    allowedCidr ?? `${await remembered(signal)}/32`
  const probing: ProbeBastions = {
    review: async (asked) => {
      const signal = AbortSignal.timeout(LOOK_LIMIT_MS)
      const access = openAccess(asked, { clock, signal, hasty: true })
      return reviewProbeBastion(access, asked, await callerOf(asked, signal), prices())
    },
    open: async (asked, tell, signal) => {
      const callerCidr = await callerOf(asked, signal)
      const access = openAccess(asked, { clock, signal })
      return { address: await openProbeBastion(access, asked, callerCidr, young, tell), callerCidr }
    },
    remove: async (asked, tell, signal) => removeProbeBastion(openAccess(asked, { clock, signal }), asked, young, tell),
  }

  return {
    probing,
    complete: async (plan) => {
      const aws = awsPlanOf(plan)
      const region = await regionOfPlan(aws, environment)
      return completePlan(looking({ ...plan, aws: { ...aws, region } }), plan, findAddress)
    },
    review: async (plan) => {
      const access = looking(plan)
      const sourceCidr = await sourceOf(plan, remembered, access.signal)
      return reviewDeployment(access, { ...plan, aws: { ...awsPlanOf(plan), sourceCidr } }, prices())
    },
    observe: async (whose, act) => {
      const access = lookingFor(whose.plan, act)
      // Where nobody can say it, everything else can still be seen.
      const source = await sourceOf(whose.plan, remembered, access.signal).catch(() => null)
      return observeAwsDeployment(access, whose, source, young)
    },
    prepare: async (whose, tell, signal) => {
      const access = working(whose.plan, signal)
      const { vpcId } = awsPlanOf(whose.plan)
      const findSource = () => sourceOf(whose.plan, findAddress, signal)
      const groupId = await ensureSecurityGroup(
        access,
        { deploymentId: whose.id, vpcId: vpcId ?? '', findSource, young },
        tell,
      )
      await mendInstances(access, whose, tell, groupId)
    },
    launch: async (request, tell, signal) => launchBastion(working(request.plan, signal), request, tell),
    publishedEnds: async ({ plan }, bastion, act) => readPublishedEnds(lookingFor(plan, act), bastion),
    terminate: async (whose, bastionIds, tell, signal) =>
      terminateBastions(working(whose.plan, signal), whose, bastionIds, tell),
    remove: async (whose, tell, signal) => removeDeployment(working(whose.plan, signal), whose, young, tell),
    leftovers: async (whose, act) => {
      if (whose === null) return []
      return leftoversOf(young.complete(whose.id, await observeHoldings(lookingFor(whose.plan, act), whose)))
    },
  }
}
