import { imageParameter } from './image.ts'
import { BASTION_TAG, DEPLOYMENT_TAG } from './tags.ts'

/** What the owner of a route table puts on it, so that we may lead routes through it; its value is `allowed`. */
export const ROUTES_TAG = 'mole:routes'

/** Kinds of things as ARNs of EC2 name them. */
type Kind =
  | 'image'
  | 'instance'
  | 'network-interface'
  | 'route-table'
  | 'security-group'
  | 'spot-instances-request'
  | 'subnet'
  | 'volume'
  | 'vpc'

/**
 * A thing that a call is about. `made`: by this call, with our tags. `ours`: it carries our tag. `given`: the account's
 * or Amazon's, used and not changed. `lent`: the account's, marked by its owner for our use.
 */
type Touch = { readonly kind: Kind; readonly as: 'made' | 'ours' | 'given' | 'lent' }

/** One way in which we call AWS. */
export type CloudCall = {
  /** As IAM names it, `ec2:RunInstances`. */
  readonly action: string
  /** What it is for, as words that follow "it". */
  readonly purpose: string
  /** Empty where IAM knows no resources for the action; `parameter` names a public one of SSM. */
  readonly touches: readonly Touch[]
  readonly parameter?: string
  /** Tags are given to what this action makes. */
  readonly createAction?: string
  /** Only deployments that ask for it need it. */
  readonly only?: 'spot' | 'routes'
}

const look = (purpose: string, ...actions: string[]): CloudCall[] =>
  actions.map((action) => ({ action, purpose, touches: [] }))

const onOurs = (kind: Kind, purpose: string, ...actions: string[]): CloudCall[] =>
  actions.map((action) => ({ action, purpose, touches: [{ kind, as: 'ours' }] }))

const made = (...kinds: Kind[]): Touch[] => kinds.map((kind) => ({ kind, as: 'made' }))

/**
 * Every call the program makes, and on what: `resources/aws/policy.json` allows these and no other, and `mole init`
 * finds out whether they are allowed.
 */
export const CLOUD_CALLS: readonly CloudCall[] = [
  ...look('says who the credentials are', 'sts:GetCallerIdentity'),
  ...look('lists the regions of the account', 'ec2:DescribeRegions'),
  ...look('finds where bastions can stand', 'ec2:DescribeVpcs', 'ec2:DescribeSubnets', 'ec2:DescribeRouteTables'),
  ...look('says what instance types can do', 'ec2:DescribeInstanceTypes'),
  ...look('says where instance types are to be had', 'ec2:DescribeInstanceTypeOfferings'),
  ...look(
    'lists what a deployment has, and proves that nothing is left',
    'ec2:DescribeInstances',
    'ec2:DescribeVolumes',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSpotInstanceRequests',
  ),
  ...look('says what Spot instances cost now', 'ec2:DescribeSpotPriceHistory'),
  ...look('says how many vCPUs the account may run', 'servicequotas:GetServiceQuota'),
  ...look('refreshes the price table', 'pricing:GetProducts'),
  {
    action: 'ssm:GetParameter',
    purpose: 'finds the newest Amazon Linux image',
    touches: [],
    parameter: imageParameter('arm64'),
  },
  {
    action: 'ec2:CreateSecurityGroup',
    purpose: 'makes the security group of a deployment',
    touches: [...made('security-group'), { kind: 'vpc', as: 'given' }],
  },
  {
    action: 'ec2:CreateTags',
    purpose: 'tags the security group as it is made',
    touches: made('security-group'),
    createAction: 'CreateSecurityGroup',
  },
  ...onOurs(
    'security-group',
    'keeps the rules of the security group',
    'ec2:AuthorizeSecurityGroupIngress',
    'ec2:RevokeSecurityGroupIngress',
  ),
  ...onOurs('security-group', 'takes the security group away', 'ec2:DeleteSecurityGroup'),
  {
    action: 'ec2:RunInstances',
    purpose: 'launches a bastion',
    touches: [
      ...made('instance', 'volume', 'network-interface'),
      { kind: 'image', as: 'given' },
      { kind: 'subnet', as: 'given' },
      { kind: 'security-group', as: 'ours' },
    ],
  },
  {
    action: 'ec2:CreateTags',
    purpose: 'tags a bastion as it is launched',
    touches: made('instance', 'volume', 'network-interface'),
    createAction: 'RunInstances',
  },
  {
    action: 'ec2:ModifyInstanceAttribute',
    purpose: 'lets a bastion forward packets, and keeps it behind its security group',
    touches: [
      { kind: 'instance', as: 'ours' },
      { kind: 'security-group', as: 'ours' },
    ],
  },
  ...onOurs('instance', 'reads the public keys a bastion prints', 'ec2:GetConsoleOutput'),
  ...onOurs('instance', 'ends a bastion', 'ec2:TerminateInstances'),
  {
    action: 'ec2:RunInstances',
    purpose: 'launches a Spot bastion',
    touches: made('spot-instances-request'),
    only: 'spot',
  },
  {
    action: 'ec2:CreateTags',
    purpose: 'tags a Spot request as it is made',
    touches: made('spot-instances-request'),
    createAction: 'RunInstances',
    only: 'spot',
  },
  {
    action: 'ec2:CancelSpotInstanceRequests',
    purpose: 'takes a Spot request back',
    touches: [{ kind: 'spot-instances-request', as: 'ours' }],
    only: 'spot',
  },
  ...['ec2:CreateRoute', 'ec2:ReplaceRoute', 'ec2:DeleteRoute'].map(
    (action): CloudCall => ({
      action,
      purpose: `leads a route of the VPC to a bastion, in route tables marked ${ROUTES_TAG}=allowed`,
      touches: [{ kind: 'route-table', as: 'lent' }],
      only: 'routes',
    }),
  ),
]

/** Calls that find out what is allowed. They are not part of the policy: without them the check asks in another way. */
export const CALLS_OF_THE_CHECK: readonly CloudCall[] = [
  ...look('says what these credentials may do', 'iam:SimulatePrincipalPolicy'),
  ...look('finds the path of a role', 'iam:GetRole'),
]

export type Where = { readonly account: string; readonly region: string }

type Context = Readonly<Record<string, string | readonly string[]>>

/** A request as IAM judges it: one action, on one thing, under what is known of both. */
export type Request = { readonly action: string; readonly resource: string; readonly context: Context }

/** A deployment nobody has: what is asked of IAM is about no real thing. */
const NOBODYS = 'aws-000000'
const REQUEST_TAGS: Context = {
  [`aws:RequestTag/${DEPLOYMENT_TAG}`]: NOBODYS,
  'aws:TagKeys': [DEPLOYMENT_TAG, BASTION_TAG, 'Name'],
}

const CONTEXTS: Readonly<Record<Touch['as'], Context>> = {
  made: REQUEST_TAGS,
  ours: { [`aws:ResourceTag/${DEPLOYMENT_TAG}`]: NOBODYS },
  lent: { [`aws:ResourceTag/${ROUTES_TAG}`]: 'allowed' },
  given: {},
}

/** Ids are prefix and 17 digits; these name nothing. */
const PREFIXES: Readonly<Record<Kind, string>> = {
  image: 'ami-',
  instance: 'i-',
  'network-interface': 'eni-',
  'route-table': 'rtb-',
  'security-group': 'sg-',
  'spot-instances-request': 'sir-',
  subnet: 'subnet-',
  volume: 'vol-',
  vpc: 'vpc-',
}

const arnOf = (kind: Kind, { account, region }: Where): string =>
  `arn:aws:ec2:${region}:${kind === 'image' ? '' : account}:${kind}/${PREFIXES[kind]}${'0'.repeat(17)}`

/**
 * The requests that IAM judges for a call: one for each thing it touches. All must be allowed.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
export const requestsOf = (call: CloudCall, where: Where): Request[] => {
  const { action, createAction, parameter, touches } = call
  if (parameter !== undefined)
    return [{ action, resource: `arn:aws:ssm:${where.region}::parameter${parameter}`, context: {} }]
  if (touches.length === 0) return [{ action, resource: '*', context: {} }]
  return touches.map(({ kind, as }) => ({
    action,
    resource: arnOf(kind, where),
    context: {
      ...CONTEXTS[as],
      ...(kind === 'image' ? { 'ec2:Owner': 'amazon' } : {}),
      ...(createAction === undefined ? {} : { 'ec2:CreateAction': createAction }),
    },
  }))
}
