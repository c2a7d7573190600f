// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of Terraform, not of ours
import { BASTION_PORTS } from '../../../domain/tunnel-plan.ts'
import { ROUTES_TAG } from '../aws/calls.ts'
import { imageParameter } from '../aws/image.ts'
import { BASTION_TAG, DEPLOYMENT_TAG } from '../aws/tags.ts'
import { AWS_PROVIDER_VERSION, type BastionSet, bastionNames, TERRAFORM_VERSION } from './bastion-set.ts'
import { type Entry, expression, type Hcl } from './hcl.ts'

const attribute = (name: string, value: Hcl): Entry => ({ name, value })
const reference = (name: string, text: string): Entry => ({ name, value: expression(text) })
const block = (name: string, body: readonly Entry[], ...labels: string[]): Entry => ({ block: name, labels, body })
const resource = (type: string, name: string, body: readonly Entry[]): Entry => block('resource', body, type, name)
const data = (type: string, name: string, body: readonly Entry[]): Entry => block('data', body, type, name)
const map = (values: Readonly<Record<string, Hcl>>): Hcl => ({ map: values })

const EACH_BASTION = reference('for_each', 'local.bastions')

const SETTINGS: readonly Entry[] = [
  block('terraform', [
    attribute('required_version', TERRAFORM_VERSION),
    'gap',
    block('required_providers', [attribute('aws', map({ source: 'hashicorp/aws', version: AWS_PROVIDER_VERSION }))]),
  ]),
  'gap',
  { comment: 'As a module of yours: leave this out, and hand your own provider down.' },
  block('provider', [reference('region', 'var.region'), reference('profile', 'var.profile')], 'aws'),
]

/** What is there already, and only looked up. */
const lookups = (zones: readonly string[]): Entry[] => [
  data('aws_vpc', 'here', [reference('id', 'var.vpc_id'), reference('default', 'var.vpc_id == null ? true : null')]),
  'gap',
  data('aws_subnets', 'public', [
    reference('count', 'length(var.subnet_ids) == 0 ? 1 : 0'),
    'gap',
    block('filter', [attribute('name', 'vpc-id'), reference('values', '[data.aws_vpc.here.id]')]),
    'gap',
    block('filter', [attribute('name', 'map-public-ip-on-launch'), attribute('values', ['true'])]),
    ...(zones.length === 0
      ? []
      : ['gap' as const, block('filter', [attribute('name', 'availability-zone'), attribute('values', zones)])]),
  ]),
  'gap',
  data('aws_ec2_instance_type', 'bastion', [reference('instance_type', 'var.instance_type')]),
  'gap',
  { comment: 'The newest Amazon Linux 2023, as Amazon publishes it.' },
  data('aws_ssm_parameter', 'image', [
    {
      name: 'name',
      value: {
        template: imageParameter('arm64')
          .split('arm64')
          .flatMap((part, at) => (at === 0 ? [part] : [expression('local.architecture'), part])),
      },
    },
  ]),
]

const bootScriptOf = ({ bootScripts }: BastionSet, at: number, name: string): Hcl => {
  const { before = '', after = '' } = bootScripts[at] ?? {}
  return { template: [before, expression(`join(" ", var.host_public_keys["${name}"])`), after] }
}

const locals = (set: BastionSet): Entry =>
  block('locals', [
    reference(
      'architecture',
      'contains(data.aws_ec2_instance_type.bastion.supported_architectures, "arm64") ? "arm64" : "x86_64"',
    ),
    reference('subnet_ids', 'length(var.subnet_ids) > 0 ? var.subnet_ids : sort(data.aws_subnets.public[0].ids)'),
    'gap',
    attribute('tags', map({ [DEPLOYMENT_TAG]: expression('var.deployment') })),
    'gap',
    { comment: 'What a bastion boots by. It holds public keys only: each bastion makes its private ones itself.' },
    attribute(
      'bastions',
      map(
        Object.fromEntries(
          bastionNames(set.plan).map((name, at) => [
            name,
            map({ index: at, boot_script: bootScriptOf(set, at, name) }),
          ]),
        ),
      ),
    ),
  ])

const GROUP: readonly Entry[] = [
  { comment: 'WireGuard from the data transfer node, and nothing else.' },
  resource('aws_security_group', 'bastion', [
    { name: 'name', value: { template: ['mole ', expression('var.deployment')] } },
    {
      name: 'description',
      value: {
        template: ['Cloud Mole ', expression('var.deployment'), ': WireGuard from the data transfer node'],
      },
    },
    reference('vpc_id', 'data.aws_vpc.here.id'),
    reference('tags', 'merge(local.tags, { Name = "mole ${var.deployment}" })'),
  ]),
  'gap',
  resource('aws_vpc_security_group_ingress_rule', 'wireguard', [
    reference('security_group_id', 'aws_security_group.bastion.id'),
    attribute('description', 'WireGuard'),
    reference('cidr_ipv4', 'var.source_cidr'),
    attribute('ip_protocol', 'udp'),
    attribute('from_port', BASTION_PORTS.first),
    attribute('to_port', BASTION_PORTS.last),
  ]),
  'gap',
  resource('aws_vpc_security_group_egress_rule', 'all', [
    reference('security_group_id', 'aws_security_group.bastion.id'),
    attribute('cidr_ipv4', '0.0.0.0/0'),
    attribute('ip_protocol', '-1'),
  ]),
]

const BASTION_TAGS =
  'merge(local.tags, { "' +
  BASTION_TAG +
  '" = "${var.deployment}-${each.key}", Name = "mole ${var.deployment} ${each.key}" })'

const INSTANCES: readonly Entry[] = [
  resource('aws_instance', 'bastion', [
    EACH_BASTION,
    'gap',
    reference('ami', 'data.aws_ssm_parameter.image.insecure_value'),
    reference('instance_type', 'var.instance_type'),
    { comment: 'Over the subnets, and with them the zones, in turn.' },
    reference('subnet_id', 'element(local.subnet_ids, each.value.index)'),
    reference('vpc_security_group_ids', '[aws_security_group.bastion.id]'),
    attribute('associate_public_ip_address', true),
    { comment: 'It forwards what is not its own.' },
    attribute('source_dest_check', false),
    { comment: 'A bastion that nobody uses ends itself, and then costs nothing.' },
    attribute('instance_initiated_shutdown_behavior', 'terminate'),
    reference('user_data', 'each.value.boot_script'),
    'gap',
    block('metadata_options', [
      attribute('http_endpoint', 'enabled'),
      attribute('http_tokens', 'required'),
      attribute('http_put_response_hop_limit', 1),
    ]),
    'gap',
    block('root_block_device', [
      attribute('encrypted', true),
      attribute('volume_type', 'gp3'),
      attribute('delete_on_termination', true),
    ]),
    'gap',
    block(
      'dynamic',
      [
        reference('for_each', 'var.market == "spot" ? ["spot"] : []'),
        block('content', [
          attribute('market_type', 'spot'),
          block('spot_options', [
            attribute('spot_instance_type', 'one-time'),
            attribute('instance_interruption_behavior', 'terminate'),
          ]),
        ]),
      ],
      'instance_market_options',
    ),
    'gap',
    reference('tags', BASTION_TAGS),
    reference('volume_tags', BASTION_TAGS),
    'gap',
    block('lifecycle', [
      { comment: 'A newer image, or another boot script, is no reason to end a bastion that carries traffic.' },
      reference('ignore_changes', '[ami, user_data]'),
    ]),
  ]),
  'gap',
  { comment: 'Its network interface is found by the same tags.' },
  ...[
    ['deployment', DEPLOYMENT_TAG, 'var.deployment'],
    ['bastion', BASTION_TAG, '"${var.deployment}-${each.key}"'],
  ].flatMap(([name = '', key = '', value = '']): Entry[] => [
    resource('aws_ec2_tag', `interface_${name}`, [
      EACH_BASTION,
      'gap',
      reference('resource_id', 'aws_instance.bastion[each.key].primary_network_interface_id'),
      attribute('key', key),
      reference('value', value),
    ]),
  ]),
]

/** The private network's own routes for the tunnels' addresses, in the tables that their owner has marked. */
const routes = (baseCidr: string): Entry[] => [
  'gap',
  data('aws_route_tables', 'lent', [
    reference('vpc_id', 'data.aws_vpc.here.id'),
    attribute('tags', map({ [ROUTES_TAG]: 'allowed' })),
  ]),
  'gap',
  resource('aws_route', 'to_bastion', [
    reference('for_each', 'toset(data.aws_route_tables.lent.ids)'),
    'gap',
    reference('route_table_id', 'each.value'),
    attribute('destination_cidr_block', baseCidr),
    reference('network_interface_id', 'aws_instance.bastion["b1"].primary_network_interface_id'),
  ]),
]

/** `main.tf`: what is made, and what it is made of. */
export const mainFile = (set: BastionSet): Entry[] => [
  { comment: `The bastions of ${set.deployment}, as Cloud Mole makes them. See README.md.` },
  ...SETTINGS,
  'gap',
  ...lookups(set.plan.aws.availabilityZones),
  'gap',
  locals(set),
  'gap',
  ...GROUP,
  'gap',
  ...INSTANCES,
  ...(set.plan.aws.routing === 'routes' ? routes(set.plan.baseCidr) : []),
]
