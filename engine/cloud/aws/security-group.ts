import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  type IpPermission,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
} from '@aws-sdk/client-ec2'
import { MoleError } from '../../../contract/errors.ts'
import { BASTION_PORTS } from '../../../domain/tunnel-plan.ts'
import type { AwsAccess } from './access.ts'
import { awsCodeOf } from './error-kinds.ts'
import { listGroups } from './inventory.ts'
import { DEPLOYMENT_TAG, deploymentFilter, deploymentTags, tagSpecifications, tagValue } from './tags.ts'
import type { YoungGroups } from './young-groups.ts'

/** Names in a VPC are unique: a second group of a deployment cannot come into being. */
const groupName = (deploymentId: string): string => `mole ${deploymentId}`

/** The one rule: WireGuard's ports, from one network. */
const ruleFor = (sourceCidr: string): IpPermission => ({
  IpProtocol: 'udp',
  FromPort: BASTION_PORTS.first,
  ToPort: BASTION_PORTS.last,
  IpRanges: [{ CidrIp: sourceCidr, Description: 'WireGuard' }],
})

/** Who may come in by which ports, one at a time, so that rules can be compared. */
const grantsOf = (permissions: readonly IpPermission[]): { readonly text: string; readonly rule: IpPermission }[] =>
  permissions.flatMap(({ IpProtocol, FromPort, ToPort, IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs }) => {
    const base = {
      ...(IpProtocol === undefined ? {} : { IpProtocol }),
      ...(FromPort === undefined ? {} : { FromPort }),
      ...(ToPort === undefined ? {} : { ToPort }),
    }
    const ports = `${IpProtocol} ${FromPort ?? 'all'}–${ToPort ?? 'all'}`
    return [
      ...(IpRanges ?? []).map((each) => ({
        text: `${ports} from ${each.CidrIp}`,
        rule: { ...base, IpRanges: [each] },
      })),
      ...(Ipv6Ranges ?? []).map((each) => ({
        text: `${ports} from ${each.CidrIpv6}`,
        rule: { ...base, Ipv6Ranges: [each] },
      })),
      ...(PrefixListIds ?? []).map((each) => ({
        text: `${ports} from ${each.PrefixListId}`,
        rule: { ...base, PrefixListIds: [each] },
      })),
      ...(UserIdGroupPairs ?? []).map((each) => ({
        text: `${ports} from ${each.GroupId}`,
        rule: { ...base, UserIdGroupPairs: [each] },
      })),
    ]
  })

/** What the rules let in too much, and whether they let in what they should. Pure. */
export const compareRules = (
  group: SecurityGroup,
  sourceCidr: string,
): {
  readonly isOpen: boolean
  readonly surplus: readonly { readonly text: string; readonly rule: IpPermission }[]
} => {
  const wanted = grantsOf([ruleFor(sourceCidr)])[0]?.text
  const grants = grantsOf(group.IpPermissions ?? [])
  return {
    isOpen: grants.some(({ text }) => text === wanted),
    surplus: grants.filter(({ text }) => text !== wanted),
  }
}

const isOf =
  (deploymentId: string) =>
  ({ Tags }: SecurityGroup): boolean =>
    tagValue(Tags, DEPLOYMENT_TAG) === deploymentId

/** The deployment's group in its VPC; `null` when there is none. */
const findGroup = async (access: AwsAccess, deploymentId: string, vpcId: string): Promise<SecurityGroup | null> => {
  const groups = await listGroups(access, [deploymentFilter(deploymentId), { Name: 'vpc-id', Values: [vpcId] }])
  return groups[0] ?? null
}

const foreign = (name: string): MoleError =>
  new MoleError('conflict', `There is a security group "${name}" that is not of this deployment.`, {
    field: 'security group',
    meaning: 'It does not carry the deployment’s tag, so it is left alone. Nothing was made.',
    nextStep: 'Rename or delete it in the console, or deploy anew.',
  })

/** The deployment’s group, by its name: one whose creation was not answered, or that is not known everywhere yet. */
export const awaitGroup = async (access: AwsAccess, deploymentId: string, vpcId: string): Promise<SecurityGroup> =>
  access.ask(
    'looking for the security group',
    async () => {
      const filters = [
        { Name: 'group-name', Values: [groupName(deploymentId)] },
        { Name: 'vpc-id', Values: [vpcId] },
      ]
      const [group] = await listGroups(access, filters)
      if (group === undefined) throw Object.assign(new Error('not visible yet'), { name: 'InvalidGroup.NotFound' })
      if (!isOf(deploymentId)(group)) throw foreign(groupName(deploymentId))
      return group
    },
    /^InvalidGroup\.NotFound$/,
  )

const createGroup = async (access: AwsAccess, deploymentId: string, vpcId: string): Promise<SecurityGroup> => {
  try {
    const { GroupId } = await access.ask('making the security group', ({ ec2 }, options) =>
      ec2.send(
        new CreateSecurityGroupCommand({
          GroupName: groupName(deploymentId),
          Description: `Cloud Mole ${deploymentId}: WireGuard from the data transfer node`,
          VpcId: vpcId,
          TagSpecifications: tagSpecifications(['security-group'], deploymentTags(deploymentId)),
        }),
        options,
      ),
    )
    return GroupId === undefined ? await awaitGroup(access, deploymentId, vpcId) : { GroupId, IpPermissions: [] }
  } catch (error) {
    if (error instanceof MoleError && awsCodeOf(error.cause) === 'InvalidGroup.Duplicate')
      return awaitGroup(access, deploymentId, vpcId)
    throw error
  }
}

const unlessCode =
  (code: string) =>
  (error: unknown): void => {
    if (!(error instanceof MoleError && awsCodeOf(error.cause) === code)) throw error
  }

type Wanted = {
  readonly deploymentId: string
  readonly vpcId: string
  /** Whom it is to let in. */
  readonly findSource: () => Promise<string>
  readonly young: YoungGroups
}

/**
 * Makes the deployment's security group, or mends it: WireGuard's ports from the network of `findSource`, and nothing
 * else. The new rule is in before an old one goes, so that tunnels live through a change of address.
 * @returns its id; `null` where there is none and nobody knows whom it is to let in
 */
export const ensureSecurityGroup = async (
  access: AwsAccess,
  { deploymentId, vpcId, findSource, young }: Wanted,
  tell: (line: string) => void,
): Promise<string | null> => {
  const found = await findGroup(access, deploymentId, vpcId)
  const sourceCidr = await findSource().catch((error: unknown) => {
    // Who is in already stays in.
    if ((found?.IpPermissions ?? []).length === 0) throw error
    tell('this host’s public address could not be found: the security group stays as it is')
    return null
  })
  if (sourceCidr === null) return found?.GroupId ?? null
  const group = found ?? (await createGroup(access, deploymentId, vpcId))
  const GroupId = group.GroupId ?? ''
  if (found === null) young.made(deploymentId, GroupId)
  tell(found === null ? `security group ${GroupId} made` : `security group ${GroupId} is there`)
  const { isOpen, surplus } = compareRules(group, sourceCidr)
  // What was just made is not known everywhere at once (EC2 Developer Guide, "Eventual consistency").
  const unknown = /^InvalidGroup(Id)?\.NotFound$/
  if (!isOpen) {
    const permit = new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [ruleFor(sourceCidr)] })
    await access
      .ask('opening the WireGuard ports', ({ ec2 }, options) => ec2.send(permit, options), unknown)
      .catch(unlessCode('InvalidPermission.Duplicate'))
    young.seen(deploymentId)
    tell(`UDP ${BASTION_PORTS.first}–${BASTION_PORTS.last} is open from ${sourceCidr}`)
  }
  for (const { text, rule } of surplus) {
    const revoke = new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [rule] })
    await access
      .ask('closing what is open too far', ({ ec2 }, options) => ec2.send(revoke, options), unknown)
      .catch(unlessCode('InvalidPermission.NotFound'))
    tell(`closed: ${text}`)
  }
  return GroupId
}
