import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import type { AwsIdentity } from '../../../contract/app.ts'
import type { AwsAccess } from './access.ts'

/** Who the credentials are. @throws MoleError `credentials-expired`, which says how to log in. */
export const observeIdentity = async (access: AwsAccess): Promise<AwsIdentity> => {
  const { Account = '', Arn = '' } = await access.ask('asking who the credentials are', ({ sts }, options) =>
    sts.send(new GetCallerIdentityCommand({}), options),
  )
  return { account: Account, arn: Arn, region: access.account.region }
}

/** What IAM knows of a caller: itself, or the role whose session it is. */
export type Principal =
  | { readonly kind: 'root' }
  | { readonly kind: 'user'; readonly arn: string }
  | { readonly kind: 'role'; readonly name: string; readonly arn: string }
  | { readonly kind: 'other' }

/**
 * The principal of a caller's ARN. The ARN of a role's session leaves out the role's path, so `arn` of a role holds
 * only where it has none: ask IAM.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export const principalOf = (arn: string): Principal => {
  const [, partition, service, , account, resource = ''] = arn.split(':')
  const [kind, name = ''] = resource.split('/')
  if (service === 'iam' && kind === 'root') return { kind: 'root' }
  if (service === 'iam' && kind === 'user') return { kind: 'user', arn }
  if (service === 'sts' && kind === 'assumed-role')
    return { kind: 'role', name, arn: `arn:${partition}:iam::${account}:role/${name}` }
  return { kind: 'other' }
}
