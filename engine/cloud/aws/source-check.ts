import { type Instance, ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2'
import type { AwsAccess } from './access.ts'

/** Without it AWS drops what a bastion forwards for others (VPC User Guide, "Disable source/destination checks"). */
export const ensureForwarding = async (
  access: AwsAccess,
  { InstanceId, SourceDestCheck }: Instance,
  tell: (line: string) => void,
): Promise<void> => {
  if (SourceDestCheck === false) return
  const change = new ModifyInstanceAttributeCommand({ InstanceId, SourceDestCheck: { Value: false } })
  await access.ask(
    'letting the bastion forward',
    ({ ec2 }, options) => ec2.send(change, options),
    /^(InvalidInstanceID\.NotFound|IncorrectInstanceState)$/,
  )
  tell(`source/destination check of ${InstanceId} is off`)
}
