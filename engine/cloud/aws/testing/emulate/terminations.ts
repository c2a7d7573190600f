import { DescribeNetworkInterfacesCommand } from '@aws-sdk/client-ec2'
import { awsError, errorAnswer } from '../aws-answer.ts'
import { forgetTags } from '../forget-tags.ts'
import type { Moto } from '../moto.ts'
import { type Emulations, parameterOf } from './emulation.ts'

/**
 * An instance takes a while to shut down, and its security groups are in use until it has (EC2 User Guide, "Terminate
 * instances"; "DependencyViolation" of the error codes). In moto it is gone at once, and a group in use may be deleted.
 */
export type Terminations = {
  /** What instances have that they will have lost when they have ended. */
  belongingsOf(instanceIds: readonly string[]): Promise<Belongings>
  begin(instanceIds: readonly string[], belongings: Belongings): Promise<void>
  isShuttingDown(instanceId: string): boolean
  readonly emulations: Emulations
}

type Belongings = { readonly groups: readonly string[]; readonly interfaces: readonly string[] }

/** @param forMs How long an instance is `shutting-down`. */
export const makeTerminations = (moto: Moto, clock: () => number, forMs: number): Terminations => {
  const endsAt = new Map<string, { readonly atMs: number; readonly groups: readonly string[] }>()
  const isLive = (instanceId: string): boolean => (endsAt.get(instanceId)?.atMs ?? 0) > clock()

  const interfaces = async (filter: string, values: readonly string[]) =>
    (await moto.ec2.send(new DescribeNetworkInterfacesCommand({ Filters: [{ Name: filter, Values: [...values] }] })))
      .NetworkInterfaces ?? []

  const isInUse = async (group: string): Promise<boolean> =>
    [...endsAt].some(([instanceId, { groups }]) => isLive(instanceId) && groups.includes(group)) ||
    (await interfaces('group-id', [group])).length > 0

  return {
    belongingsOf: async (instanceIds) => {
      const found = await interfaces('attachment.instance-id', instanceIds)
      return {
        groups: found.flatMap(({ Groups = [] }) => Groups).map(({ GroupId = '' }) => GroupId),
        interfaces: found.map(({ NetworkInterfaceId = '' }) => NetworkInterfaceId),
      }
    },
    begin: async (instanceIds, { groups, interfaces: ended }) => {
      for (const instanceId of instanceIds)
        if (!endsAt.has(instanceId)) endsAt.set(instanceId, { atMs: clock() + forMs, groups })
      await forgetTags(moto, ended)
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
