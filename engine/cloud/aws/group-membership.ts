import { type Instance, ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2'
import type { AwsAccess } from './access.ts'

/** Whether this security group, and no other, says who reaches an instance. */
export const isBehind = ({ SecurityGroups = [] }: Instance, groupId: string): boolean =>
  SecurityGroups.length === 1 && SecurityGroups[0]?.GroupId === groupId

/** Puts an instance behind the deployment's security group alone, where somebody changed that. */
export const ensureBehind = async (
  access: AwsAccess,
  instance: Instance,
  groupId: string,
  tell: (line: string) => void,
): Promise<void> => {
  if (isBehind(instance, groupId)) return
  const { InstanceId } = instance
  const change = new ModifyInstanceAttributeCommand({ InstanceId, Groups: [groupId] })
  await access.ask(
    'putting the bastion behind its security group',
    ({ ec2 }, options) => ec2.send(change, options),
    /^(InvalidInstanceID\.NotFound|InvalidGroup(Id)?\.NotFound|IncorrectInstanceState)$/,
  )
  tell(`${InstanceId} is behind ${groupId}`)
}
