import { BASTION_PORTS, bastionCount, MAX_TUNNELS_PER_BASTION } from '../../../domain/tunnel-plan.ts'
import { ROUTES_TAG } from '../aws/calls.ts'
import { DEPLOYMENT_TAG } from '../aws/tags.ts'
import { AWS_PROVIDER_VERSION, type BastionSet, bastionNames } from './bastion-set.ts'

const madeBy = ({ plan }: BastionSet): string[] => [
  `- one security group: UDP ${BASTION_PORTS.first}–${BASTION_PORTS.last} from \`source_cidr\`, nothing else;`,
  `- ${bastionCount(plan)} × ${plan.aws.instanceTypes[0]} (${plan.aws.market}), each with an encrypted disk and a public address;`,
  ...(plan.aws.routing === 'routes'
    ? [
        `- a route to ${plan.baseCidr} in each route table of the VPC that carries the tag \`${ROUTES_TAG}\` = \`allowed\`;`,
      ]
    : []),
  `- on all of it the tag \`${DEPLOYMENT_TAG}\`, by which Cloud Mole finds it.`,
]

const keysSection = (set: BastionSet): string[] => [
  '## The keys',
  '',
  set.hostPublicKeys === null
    ? `\`host_public_keys\` is not filled in: these files were written without a deployment. Make ${MAX_TUNNELS_PER_BASTION} keys for each bastion on the data transfer node, and put the *public* ones into \`terraform.tfvars\`:`
    : '`host_public_keys` holds the public keys of the data transfer node, whose private keys its helper keeps. To use keys of your own instead:',
  '',
  '```sh',
  'umask 077',
  `for bastion in ${bastionNames(set.plan).join(' ')}; do for n in ${Array.from({ length: MAX_TUNNELS_PER_BASTION }, (_, at) => at + 1).join(' ')}; do`,
  '  wg genkey > "$bastion-$n.key"; wg pubkey < "$bastion-$n.key"',
  'done; done',
  '```',
  '',
  '```hcl',
  'host_public_keys = {',
  ...bastionNames(set.plan).map((name) => `  ${name} = ["…", "…", "…", "…", "…", "…", "…", "…"]`),
  '}',
  '```',
  '',
  'Private keys do not belong into these files, nor into the state: none is in them.',
]

/** `README.md`: what it is, and how it is used. */
export const readmeFile = (set: BastionSet): string =>
  [
    `# Bastions of ${set.deployment}`,
    '',
    'Terraform (or OpenTofu) files that make the bastions which Cloud Mole makes: the far ends of a bundle of WireGuard tunnels.',
    '',
    ...madeBy(set),
    '',
    `They were written for version ${AWS_PROVIDER_VERSION} of the AWS provider. Each bastion ends itself when no tunnel has reached it for ${
      set.plan.aws.leaseSeconds === 0 ? 'ever: there is no lease' : `${set.plan.aws.leaseSeconds} seconds`
    }.`,
    '',
    '## Use',
    '',
    '```sh',
    'terraform init',
    'terraform plan -out=plan',
    'terraform apply plan',
    '```',
    '',
    '`mole up --via terraform` does this by itself, with the keys of this host, and then makes the tunnels. These files alone make no tunnel:',
    'each bastion prints the public keys of its ends on its console, and listens for the tunnels',
    `on UDP ${BASTION_PORTS.first} and the ports after it:`,
    '',
    '```sh',
    'aws ec2 get-console-output --latest --output text --instance-id "$(terraform output -json bastions | jq -r .b1.instance_id)" | grep mole-bastion-key',
    '```',
    '',
    ...keysSection(set),
    '',
    '## As a module',
    '',
    '```hcl',
    'module "bastions" {',
    '  source           = "./bastions" # this directory, without its provider block and terraform.tfvars',
    `  deployment       = "${set.deployment}"`,
    '  source_cidr      = "198.51.100.2/32"',
    '  host_public_keys = { … }',
    '}',
    '```',
    '',
    '## The end',
    '',
    '```sh',
    'terraform destroy',
    '```',
    '',
    `\`mole down --cleanup-all\` finds and removes by the tag what Terraform has lost sight of. A bastion that Cloud Mole had to replace by itself is not in Terraform's state; it carries the same tag.`,
    '',
  ].join('\n')
