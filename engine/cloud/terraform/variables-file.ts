// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of Terraform, not of ours
import { type BastionSet, bastionNames, KEYS_PER_BASTION } from './bastion-set.ts'
import { type Entry, expression, type Hcl } from './hcl.ts'

type Variable = {
  readonly name: string
  readonly type: string
  readonly description: string
  /** Without it whoever applies the files must give one. */
  readonly fallback?: Hcl
  readonly condition?: string
  readonly refusal?: string
}

const variable = ({ name, type, description, fallback, condition, refusal = '' }: Variable): Entry[] => [
  {
    block: 'variable',
    labels: [name],
    body: [
      { name: 'description', value: description },
      { name: 'type', value: expression(type) },
      ...(fallback === undefined ? [] : [{ name: 'default', value: fallback }]),
      ...(condition === undefined
        ? []
        : [
            'gap' as const,
            {
              block: 'validation',
              body: [
                { name: 'condition', value: expression(condition) },
                { name: 'error_message', value: refusal },
              ],
            },
          ]),
    ],
  },
  'gap',
]

/** 32 bytes in base64; the last sign before the padding has two bits that are none. */
const KEY = '^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$'

const keysCondition = (names: readonly string[]): string =>
  [
    `alltrue([for name in [${names.map((name) => `"${name}"`).join(', ')}] : length(distinct(lookup(var.host_public_keys, name, []))) == ${KEYS_PER_BASTION}])`,
    `alltrue([for key in flatten(values(var.host_public_keys)) : can(regex("${KEY}", key))])`,
  ].join(' && ')

/** `variables.tf`: what may be said to it. */
export const variablesFile = ({ plan, deployment }: BastionSet): Entry[] =>
  [
    {
      name: 'deployment',
      type: 'string',
      description: 'Id of the deployment; names and tags carry it, and everything is found by it.',
      fallback: deployment,
      condition: 'can(regex("^[a-z]{1,8}-[0-9a-f]{6}$", var.deployment))',
      refusal: 'The id is a short word, a dash, and six hexadecimal digits.',
    },
    {
      name: 'region',
      type: 'string',
      description: 'Region it is made in. null: what the environment says.',
      fallback: null,
    },
    {
      name: 'profile',
      type: 'string',
      description: 'Credentials profile of ~/.aws/config. null: what the environment gives.',
      fallback: null,
    },
    { name: 'vpc_id', type: 'string', description: 'VPC it is made in. null: the default VPC.', fallback: null },
    {
      name: 'subnet_ids',
      type: 'list(string)',
      description: 'Public subnets the bastions are spread over. Empty: those of the VPC.',
      fallback: [],
    },
    {
      name: 'instance_type',
      type: 'string',
      description: 'Instance type of the bastions.',
      fallback: plan.aws.instanceTypes[0] ?? null,
    },
    {
      name: 'market',
      type: 'string',
      description: 'on-demand, or spot: cheaper, and taken back at two minutes’ notice.',
      fallback: 'on-demand',
      condition: 'contains(["on-demand", "spot"], var.market)',
      refusal: 'It is "on-demand" or "spot".',
    },
    {
      name: 'source_cidr',
      type: 'string',
      description:
        'Whom the security group lets in: the public address of the data transfer node, such as 198.51.100.2/32.',
      condition: 'can(cidrnetmask(var.source_cidr)) && var.source_cidr != "0.0.0.0/0"',
      refusal: 'It is an IPv4 network, and not the whole internet.',
    },
    {
      name: 'host_public_keys',
      type: 'map(list(string))',
      description: `WireGuard public keys of the data transfer node: ${KEYS_PER_BASTION} for each bastion, one for each tunnel it can carry.`,
      condition: keysCondition(bastionNames(plan)),
      refusal: `There are ${KEYS_PER_BASTION} different public keys for each bastion.`,
    },
  ].flatMap(variable)
