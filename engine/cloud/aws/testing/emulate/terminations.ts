import { DescribeNetworkInterfacesCommand } from '@aws-sdk/client-ec2'
import { awsError, errorAnswer } from '../aws-answer.ts'
import type { Moto } from '../moto.ts'
import { type Emulations, parameterOf } from './emulation.ts'

/**
 * An instance takes a while to shut down, and its security groups are in use until it has (EC2 User Guide, "Terminate
 * instances"; "DependencyViolation" of the error codes). In moto it is gone at once, and a group in use may be deleted.
 */
export type Terminations = {
  /** Security groups of instances that still are. */
  groupsOf(instanceIds: readonly string[]): Promise<string[]>
  begin(instanceIds: readonly string[], groups: readonly string[]): void
  isShuttingDown(instanceId: string): boolean
  readonly emulations: Emulations
}

/** @param forMs How long an instance is `shutting-down`. */
export const makeTerminations = ({ ec2 }: Moto, clock: () => number, forMs: number): Terminations => {
  const endsAt = new Map<string, { readonly atMs: number; readonly groups: readonly string[] }>()
  const isLive = (instanceId: string): boolean => (endsAt.get(instanceId)?.atMs ?? 0) > clock()

  const interfaces = async (filter: string, values: readonly string[]) =>
    (await ec2.send(new DescribeNetworkInterfacesCommand({ Filters: [{ Name: filter, Values: [...values] }] })))
      .NetworkInterfaces ?? []

  const isInUse = async (group: string): Promise<boolean> =>
    [...endsAt].some(([instanceId, { groups }]) => isLive(instanceId) && groups.includes(group)) ||
    (await interfaces('group-id', [group])).length > 0

  return {
    groupsOf: async (instanceIds) =>
      (await interfaces('attachment.instance-id', instanceIds))
        .flatMap(({ Groups = [] }) => Groups)
        .map(({ GroupId = '' }) => GroupId),
    begin: (instanceIds, groups) => {
      for (const instanceId of instanceIds)
        if (!endsAt.has(instanceId)) endsAt.set(instanceId, { atMs: clock() + forMs, groups })
    },
    isShuttingDown: isLive,
    emulations: {
      'ec2:DeleteSecurityGroup': async (call, forward) => {
        const group = parameterOf(call, 'GroupId')
        return (await isInUse(group))
          ? errorAnswer(call, awsError('DependencyViolation', `resource ${group} has a dependent object`))
          : forward()
      },
    },
  }
}
