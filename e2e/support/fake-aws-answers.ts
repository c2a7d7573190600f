import type { AwsVpc, DoctorCheck, FoundDeployment, Review, TextFile } from '../../contract/app.ts'
import type { AwsPlan } from '../../domain/aws-plan.ts'
import { bastionCount, type DeploymentPlan } from '../../domain/tunnel-plan.ts'

export const FOUND_ADDRESS = '198.51.100.2/32'
export const VPC_CIDR = '10.20.0.0/16'
export const SUBNETS = ['subnet-0aa11122233344455', 'subnet-0bb11122233344455'] as const
const HOURLY_USD: Readonly<Record<string, number>> = {
  'c6gn.large': 0.0864,
  'c6gn.medium': 0.0432,
  't4g.small': 0.0168,
}

/** What a bastion costs an hour: the instance, its address and its disk. */
export const hourlyUsd = ({ instanceTypes, market }: AwsPlan): number =>
  (HOURLY_USD[instanceTypes[0] ?? ''] ?? 0.1) * (market === 'spot' ? 0.4 : 1) + 0.005 + (8 * 0.08) / 730

export const RESEARCH_VPC: AwsVpc = {
  id: 'vpc-0f3a9c2b7d1e4a5b6',
  name: 'research',
  isDefault: false,
  cidrs: [VPC_CIDR],
  subnets: [
    {
      id: SUBNETS[0],
      name: 'public-a',
      zone: 'us-west-2a',
      cidr: '10.20.0.0/24',
      isPublic: true,
      freeAddresses: 241,
    },
    {
      id: SUBNETS[1],
      name: 'public-b',
      zone: 'us-west-2b',
      cidr: '10.20.1.0/24',
      isPublic: true,
      freeAddresses: 250,
    },
    {
      id: 'subnet-0cc11122233344455',
      name: 'instruments',
      zone: 'us-west-2a',
      cidr: '10.20.16.0/20',
      isPublic: false,
      freeAddresses: 4001,
    },
    {
      id: 'subnet-0dd11122233344455',
      name: 'public-full',
      zone: 'us-west-2c',
      cidr: '10.20.2.0/28',
      isPublic: true,
      freeAddresses: 0,
    },
  ],
}

export const CHECKS: readonly DoctorCheck[] = [
  {
    id: 'identity',
    title: 'Identity',
    state: 'ok',
    detail: 'arn:aws:iam::123456789012:user/ada in account 123456789012',
    remedy: null,
  },
  ...['ec2:DescribeVpcs', 'ec2:CreateSecurityGroup', 'ec2:RunInstances', 'ec2:DeleteSecurityGroup'].map(
    (action): DoctorCheck => ({ id: action, title: action, state: 'ok', detail: 'allowed', remedy: null }),
  ),
  {
    id: 'ec2:TerminateInstances',
    title: 'ec2:TerminateInstances',
    state: 'missing',
    detail: 'No statement allows it on instances with the tag mole:deployment: what is launched could not be ended.',
    remedy: 'Attach the policy below to arn:aws:iam::123456789012:user/ada',
  },
  {
    id: 'quota-vcpu',
    title: 'On-demand vCPUs (standard families)',
    state: 'warning',
    detail: '8 of 16 are in use; this plan needs 4 more.',
    remedy: null,
  },
]

export const POLICY = JSON.stringify(
  {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Look', Effect: 'Allow', Action: ['ec2:DescribeInstances', 'ec2:DescribeVpcs'], Resource: '*' },
      {
        Sid: 'OnlyOurs',
        Effect: 'Allow',
        Action: ['ec2:TerminateInstances', 'ec2:DeleteSecurityGroup'],
        Resource: '*',
        Condition: { Null: { 'aws:ResourceTag/mole:deployment': 'false' } },
      },
    ],
  },
  null,
  2,
)

export const LEFT_BEHIND: readonly FoundDeployment[] = [
  {
    deployment: 'aws-1b77e0',
    isOurs: false,
    resources: [
      {
        kind: 'instance',
        id: 'i-0aa99887766554433',
        name: 'mole aws-1b77e0 b1',
        state: 'running',
        detail: 'c6gn.large in us-west-2a',
      },
      { kind: 'volume', id: 'vol-0aa99887766554433', name: 'mole aws-1b77e0 b1', state: 'in-use', detail: '8 GB gp3' },
      {
        kind: 'security group',
        id: 'sg-0aa99887766554433',
        name: 'mole aws-1b77e0',
        state: 'available',
        detail: 'lets in 192.0.2.7/32',
      },
    ],
  },
]

export const TERRAFORM: readonly TextFile[] = [
  {
    name: 'main.tf',
    text: 'terraform {\n  required_version = ">= 1.6"\n}\n\nmodule "bastions" {\n  source = "./modules/bastion"\n}\n',
  },
  { name: 'variables.tf', text: 'variable "region" {\n  type = string\n}\n' },
  { name: 'outputs.tf', text: 'output "addresses" {\n  value = module.bastions.addresses\n}\n' },
  { name: 'README.md', text: '# A bundle of tunnels\n' },
]

const resourcesOf = (plan: DeploymentPlan, aws: AwsPlan): Review['resources'] => [
  {
    kind: 'security group',
    name: 'mole aws-…',
    detail: `in ${aws.vpcId}; UDP 51821–51836 from ${aws.sourceCidr} and nothing else`,
  },
  ...Array.from({ length: bastionCount(plan) }, (_, index) => ({
    kind: 'instance',
    name: `mole aws-… b${index + 1}`,
    detail: `${aws.instanceTypes[0]}, ${aws.market}, Amazon Linux 2023, in ${aws.subnetIds[index % aws.subnetIds.length]}; with a public IPv4 address and an encrypted 8 GB disk`,
  })),
]

/** The plan as the engine completes it, and what follows. */
export const awsReview = (given: DeploymentPlan, asked: AwsPlan): Review => {
  const aws: AwsPlan = {
    ...asked,
    region: asked.region ?? 'us-west-2',
    vpcId: asked.vpcId ?? RESEARCH_VPC.id,
    subnetIds: asked.subnetIds.length > 0 ? asked.subnetIds : [...SUBNETS],
    sourceCidr: asked.sourceCidr ?? FOUND_ADDRESS,
  }
  const plan = { ...given, aws, privateCidr: aws.wholeVpc ? VPC_CIDR : given.privateCidr }
  return {
    plan,
    resources: resourcesOf(plan, aws),
    costUsdPerHour: bastionCount(plan) * hourlyUsd(aws),
    costNote: 'Instances, public IPv4 addresses and disks; prices of 2026-11-21. Data in is free, data out is not.',
    warnings:
      aws.routing === 'routes' ? ['Routes to the tunnels’ addresses are added to 2 route tables of the VPC.'] : [],
  }
}
