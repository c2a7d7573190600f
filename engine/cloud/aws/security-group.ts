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

/** What a security group is for: whom it lets in by what. */
export type Purpose = {
  /** Of AWS's own field: letters, digits and few signs. */
  readonly description: string
  /** What is open, for people: "UDP 51821–51836". */
  readonly ports: string
  rulesFor(sourceCidr: string): readonly IpPermission[]
}

/** The one rule: WireGuard's ports, from one network. */
const FOR_TUNNELS: Purpose = {
  description: 'WireGuard from the data transfer node',
  ports: `UDP ${BASTION_PORTS.first}–${BASTION_PORTS.last}`,
  rulesFor: (sourceCidr) => [
    {
      IpProtocol: 'udp',
      FromPort: BASTION_PORTS.first,
      ToPort: BASTION_PORTS.last,
      IpRanges: [{ CidrIp: sourceCidr, Description: 'WireGuard' }],
    },
  ],
}

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
  { rulesFor }: Purpose = FOR_TUNNELS,
): {
  readonly isOpen: boolean
  readonly missing: readonly IpPermission[]
  readonly surplus: readonly { readonly text: string; readonly rule: IpPermission }[]
} => {
  const wanted = grantsOf(rulesFor(sourceCidr))
  const grants = grantsOf(group.IpPermissions ?? [])
  const isAmong = (all: typeof grants, text: string): boolean => all.some((each) => each.text === text)
  const missing = wanted.filter(({ text }) => !isAmong(grants, text)).map(({ rule }) => rule)
  return { isOpen: missing.length === 0, missing, surplus: grants.filter(({ text }) => !isAmong(wanted, text)) }
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

type Wanted = {
  readonly deploymentId: string
  readonly vpcId: string
  /** Whom it is to let in. */
  readonly findSource: () => Promise<string>
  readonly young: YoungGroups
  /** Default: the tunnels. */
  readonly purpose?: Purpose
}

const createGroup = async (
  access: AwsAccess,
  { deploymentId, vpcId, purpose = FOR_TUNNELS }: Wanted,
): Promise<SecurityGroup> => {
  try {
    const { GroupId } = await access.ask('making the security group', ({ ec2 }, options) =>
      ec2.send(
        new CreateSecurityGroupCommand({
          GroupName: groupName(deploymentId),
          Description: `Cloud Mole ${deploymentId}: ${purpose.description}`,
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

/**
 * Makes the deployment's security group, or mends it: the ports of its purpose from the network of `findSource`, and nothing
 * else. The new rule is in before an old one goes, so that tunnels live through a change of address.
 * @returns its id; `null` where there is none and nobody knows whom it is to let in
 */
export const ensureSecurityGroup = async (
  access: AwsAccess,
  wanted: Wanted,
  tell: (line: string) => void,
): Promise<string | null> => {
  const { deploymentId, vpcId, findSource, young, purpose = FOR_TUNNELS } = wanted
  const found = await findGroup(access, deploymentId, vpcId)
  const sourceCidr = await findSource().catch((error: unknown) => {
    // Who is in already stays in.
    if ((found?.IpPermissions ?? []).length === 0) throw error
    tell('this host’s public address could not be found: the security group stays as it is')
    return null
  })
  if (sourceCidr === null) return found?.GroupId ?? null
  const group = found ?? (await createGroup(access, wanted))
  const GroupId = group.GroupId ?? ''
  if (found === null) young.made(deploymentId, GroupId)
  tell(found === null ? `security group ${GroupId} made` : `security group ${GroupId} is there`)
  const { isOpen, missing, surplus } = compareRules(group, sourceCidr, purpose)
  // What was just made is not known everywhere at once (EC2 Developer Guide, "Eventual consistency").
  const unknown = /^InvalidGroup(Id)?\.NotFound$/
  if (!isOpen) {
    const permit = new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [...missing] })
    await access
      .ask(`opening ${purpose.ports}`, ({ ec2 }, options) => ec2.send(permit, options), unknown)
      .catch(unlessCode('InvalidPermission.Duplicate'))
    young.seen(deploymentId)
    tell(`${purpose.ports} is open from ${sourceCidr}`)
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
