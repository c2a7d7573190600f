import { type BastionSet, bastionNames } from './bastion-set.ts'
import type { Entry, Hcl } from './hcl.ts'

const keysOf = ({ plan, hostPublicKeys }: BastionSet): Hcl | null =>
  hostPublicKeys === null
    ? null
    : { map: Object.fromEntries(bastionNames(plan).map((name, at) => [name, hostPublicKeys[at] ?? []])) }

const known = (name: string, value: Hcl): Entry[] => (value === null ? [] : [{ name, value }])

/** What is not known yet, and without which Terraform asks. */
const open = (name: string, value: Hcl, comment: string): Entry[] =>
  value === null ? [{ comment: `${name}: ${comment}` }] : [{ name, value }]

/** `terraform.tfvars`: the values of this deployment. There is no secret among them. */
export const valuesFile = (set: BastionSet): Entry[] => {
  const { plan, deployment } = set
  const { aws } = plan
  return [
    { name: 'deployment', value: deployment },
    ...known('region', aws.region),
    ...known('profile', aws.profile),
    ...known('vpc_id', aws.vpcId),
    ...known('subnet_ids', aws.subnetIds.length === 0 ? null : aws.subnetIds),
    ...(aws.instanceTypes.length > 1
      ? [{ comment: `In order of preference: ${aws.instanceTypes.join(', ')}. Terraform tries one only.` }]
      : []),
    ...known('instance_type', aws.instanceTypes[0] ?? null),
    { name: 'market', value: aws.market },
    ...open('source_cidr', aws.sourceCidr, 'the public address of your data transfer node, such as "198.51.100.2/32".'),
    ...open(
      'host_public_keys',
      keysOf(set),
      'public keys of your data transfer node; README.md says how to make them.',
    ),
  ]
}
