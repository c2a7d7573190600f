import type { CloudObservation, Whose } from '../provider.ts'
import type { AwsAccess } from './access.ts'
import { bastionsOf } from './bastions.ts'
import { driftOf } from './drift.ts'
import { type Holdings, observeHoldings, resourcesOf } from './holdings.ts'
import { isAlive } from './inventory.ts'
import { listRouteTables } from './routes.ts'
import { compareRules } from './security-group.ts'
import { observeSpotPrices } from './spot-prices.ts'
import type { YoungGroups } from './young-groups.ts'

/** Whether the security group does not let in the address that this host has now. */
const hasMoved = ({ plan }: Whose, { groups }: Holdings, sourceCidr: string | null): boolean => {
  const [group] = groups
  if (plan.aws?.sourceCidr !== null || sourceCidr === null || group === undefined) return false
  return !compareRules(group, sourceCidr).isOpen
}

/**
 * What AWS holds of a deployment, and what of it is not as we made it.
 * @param sourceCidr whom the security group is to let in; `null` where nobody knows it now
 */
export const observeAwsDeployment = async (
  access: AwsAccess,
  whose: Whose,
  sourceCidr: string | null,
  young: YoungGroups,
): Promise<CloudObservation> => {
  const { aws, privateCidr } = whose.plan
  const wantsRoutes = aws?.routing === 'routes' && aws.vpcId !== null
  const [holdings, tables] = await Promise.all([
    observeHoldings(access, whose),
    wantsRoutes ? listRouteTables(access, aws.vpcId ?? '') : [],
  ])
  const spotTypes = holdings.instances
    .filter((instance) => instance.InstanceLifecycle === 'spot' && isAlive(instance))
    .flatMap(({ InstanceType }) => InstanceType ?? [])
  return {
    bastions: bastionsOf(holdings.instances, privateCidr, await observeSpotPrices(access, spotTypes)),
    resources: resourcesOf(young.complete(whose.id, holdings)),
    drift: driftOf(holdings, whose, sourceCidr, tables),
    hasMoved: hasMoved(whose, holdings, sourceCidr),
  }
}
