import type { Tell, Whose } from '../provider.ts'
import type { AwsAccess } from './access.ts'
import { chooseInstance, groupByBastion } from './bastions.ts'
import { ensureBehind } from './group-membership.ts'
import { interfaceIds } from './holdings.ts'
import { observeInventory } from './inventory.ts'
import { ensureRoutes } from './routes.ts'
import { ensureForwarding } from './source-check.ts'
import { endInstances } from './terminate-instances.ts'

/**
 * Makes the instances that are there as they should be: one for each bastion, behind the security group, forwarding, and
 * the target of the VPC's routes where those are wanted. Makes no instance.
 * @param group id of the deployment's group, where it is known; lists may not have it yet
 * @param forwards whether they are bastions of tunnels, which forward
 */
export const mendInstances = async (
  access: AwsAccess,
  { id, plan }: Whose,
  tell: Tell,
  group: string | null = null,
  forwards = true,
): Promise<void> => {
  const inventory = await observeInventory(access, id)
  const groupId = group ?? inventory.groups[0]?.GroupId ?? null
  for (const [bastionId, instances] of groupByBastion(inventory.instances)) {
    const { chosen, surplus } = chooseInstance(instances)
    if (surplus.length > 0) tell(`${bastionId} is there ${surplus.length + 1} times: one is enough`)
    await endInstances(access, surplus, tell)
    if (chosen === null) continue
    if (groupId !== null) await ensureBehind(access, chosen, groupId, tell)
    if (forwards) await ensureForwarding(access, chosen, tell)
    const interfaceId = chosen.NetworkInterfaces?.[0]?.NetworkInterfaceId
    const vpcId = plan.aws?.vpcId ?? null
    if (plan.aws?.routing === 'routes' && vpcId !== null && interfaceId !== undefined)
      await ensureRoutes(access, { plan, vpcId, interfaceId, ours: interfaceIds(inventory) }, tell)
  }
}
