import { type Instance, TerminateInstancesCommand } from '@aws-sdk/client-ec2'
import { MoleError } from '../../../contract/errors.ts'
import type { AwsAccess } from './access.ts'
import { awsCodeOf } from './error-kinds.ts'
import { stateOf } from './inventory.ts'

/** Asks for the end of those instances that are not ending yet; does not wait for it. */
export const endInstances = async (
  access: AwsAccess,
  instances: readonly Instance[],
  tell: (line: string) => void,
): Promise<void> => {
  const InstanceIds = instances
    .filter((instance) => !['shutting-down', 'terminated'].includes(stateOf(instance)))
    .map(({ InstanceId = '' }) => InstanceId)
  if (InstanceIds.length === 0) return
  const end = new TerminateInstancesCommand({ InstanceIds })
  await access
    .ask('terminating instances', ({ ec2 }, options) => ec2.send(end, options))
    .catch((error: unknown) => {
      // Gone in between, or not known everywhere yet: who waits for the end looks again.
      if (!(error instanceof MoleError && awsCodeOf(error.cause) === 'InvalidInstanceID.NotFound')) throw error
    })
  tell(`terminating ${InstanceIds.join(', ')}`)
}
