import { z } from 'zod'
import { Cidr } from './addressing.ts'

const text = (pattern: RegExp, wanted: string) =>
  z
    .string({ error: `must be ${wanted}` })
    .regex(pattern, { error: `must be ${wanted}` })
    .meta({ title: wanted })

/** @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html */
export const AwsRegion = text(/^[a-z]{2}(-[a-z]+)+-[0-9]$/, 'a region such as us-west-2')
export const AwsZone = text(/^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$/, 'an availability zone such as us-west-2a')
/** Instance types as EC2 spells them: family and generation, a dot, size. */
export const InstanceTypeName = text(/^[a-z][a-z0-9-]{0,15}\.[a-z0-9-]{1,15}$/, 'an instance type such as c6gn.medium')
export const VpcId = text(/^vpc-[0-9a-f]{5,17}$/, 'the id of a VPC, such as vpc-12345')
export const SubnetId = text(/^subnet-[0-9a-f]{5,17}$/, 'the id of a subnet, such as subnet-12345')
/** A section of ~/.aws/config. */
export const AwsProfileName = text(/^[^\s[\]]{1,100}$/, 'the name of a profile in ~/.aws/config')

/** What a deployment in Amazon EC2 needs beside the rest of its plan. `null` and empty lists: the engine looks it up. */
export const AwsPlan = z.strictObject({
  /** Credentials profile; `null` takes what the environment gives. */
  profile: AwsProfileName.nullable().default(null),
  /** `null`: the region of the credentials profile or the environment. */
  region: AwsRegion.nullable().default(null),
  /** `null`: the region's default VPC. */
  vpcId: VpcId.nullable().default(null),
  /** Subnets the bastions are spread over, in this order; empty: public subnets of the VPC, one for each zone. */
  subnetIds: z.array(SubnetId).max(32).default([]),
  /** Zones the subnets are looked for in; empty: all of the region. */
  availabilityZones: z.array(AwsZone).max(32).default([]),
  /** In order of preference: where one cannot be had, the next is tried. */
  instanceTypes: z.array(InstanceTypeName).min(1).max(32),
  market: z.enum(['on-demand', 'spot']).default('on-demand'),
  maxBastions: z.int().min(1).max(8).default(4),
  /** The private network is the VPC's own: `privateCidr` of the plan is replaced by it when the plan is completed. */
  wholeVpc: z.boolean().default(true),
  /** Whom the security group lets in; `null`: this host's public address, as AWS sees it, /32. */
  sourceCidr: Cidr.nullable().default(null),
  /** `nat`: the bastion masquerades towards the VPC. `routes`: the VPC's route tables lead back to the bastion. */
  routing: z.enum(['nat', 'routes']).default('nat'),
  /** A bastion that has seen no handshake for so long ends itself; 0: never. */
  leaseSeconds: z
    .int()
    .min(0)
    .max(30 * 86_400)
    .refine((seconds) => seconds === 0 || seconds >= 300, { error: 'must be 0 or at least 5 minutes' })
    .default(86_400),
  /** What the deployment may cost in all, US dollars; `null`: no limit. */
  budgetUsd: z.number().min(0.01).max(1_000_000).nullable().default(null),
  /** What happens when the budget is used up; alerts come at 50, 80 and 100 % in any case. */
  atBudget: z.enum(['alert', 'shut-down']).default('alert'),
})
export type AwsPlan = z.infer<typeof AwsPlan>
