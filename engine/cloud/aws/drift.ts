import type { RouteTable } from '@aws-sdk/client-ec2'
import { BASTION_PORTS } from '../../../domain/tunnel-plan.ts'
import type { Whose } from '../provider.ts'
import { chooseInstance, groupByBastion } from './bastions.ts'
import { isBehind } from './group-membership.ts'
import { interfaceIds } from './holdings.ts'
import { type Inventory, isAlive, stateOf } from './inventory.ts'
import { missingRoutes } from './routes.ts'
import { compareRules } from './security-group.ts'

const groupDrift = ({ groups, instances }: Inventory, sourceCidr: string | null): string[] => {
  const [group] = groups
  if (group === undefined) return instances.some(isAlive) ? ['The security group of the deployment is gone.'] : []
  if (sourceCidr === null) return []
  const { isOpen, surplus } = compareRules(group, sourceCidr)
  return [
    ...(isOpen
      ? []
      : [
          `The security group ${group.GroupId} no longer lets UDP ${BASTION_PORTS.first}–${BASTION_PORTS.last} in from ${sourceCidr}.`,
        ]),
    ...surplus.map(({ text }) => `The security group ${group.GroupId} lets in more than it should: ${text}.`),
  ]
}

const instanceDrift = ({ instances: all, groups }: Inventory): string[] => {
  const groupId = groups[0]?.GroupId
  return [...groupByBastion(all)].flatMap(([bastionId, instances]) => {
    const { chosen, surplus } = chooseInstance(instances)
    return [
      ...surplus.map(({ InstanceId }) => `${bastionId} is there twice: ${InstanceId} is one too many.`),
      ...(chosen !== null && groupId !== undefined && !isBehind(chosen, groupId)
        ? [`${chosen.InstanceId} (${bastionId}) is not behind the security group ${groupId} alone.`]
        : []),
      ...(chosen !== null && stateOf(chosen) === 'running' && chosen.SourceDestCheck === true
        ? [
            `The source/destination check of ${chosen.InstanceId} (${bastionId}) is on: it drops what it should forward.`,
          ]
        : []),
    ]
  })
}

const routeDrift = (inventory: Inventory, { plan }: Whose, tables: readonly RouteTable[]): string[] => {
  const running = inventory.instances.find((instance) => stateOf(instance) === 'running')
  const interfaceId = running?.NetworkInterfaces?.[0]?.NetworkInterfaceId
  const vpcId = plan.aws?.vpcId ?? null
  if (interfaceId === undefined || vpcId === null) return []
  return missingRoutes(tables, { plan, vpcId, interfaceId, ours: interfaceIds(inventory) })
}

/**
 * What is not as we made it, in words, all of it such as `prepare` mends. Pure.
 * @param sourceCidr whom the security group is to let in; `null` where nobody knows it now
 * @param tables route tables of the VPC
 */
export const driftOf = (
  inventory: Inventory,
  whose: Whose,
  sourceCidr: string | null,
  tables: readonly RouteTable[],
): string[] => [
  ...groupDrift(inventory, sourceCidr),
  ...instanceDrift(inventory),
  ...(whose.plan.aws?.routing === 'routes' ? routeDrift(inventory, whose, tables) : []),
]
