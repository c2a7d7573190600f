import type { AwsVpc } from '../../../contract/app.ts'
import { MoleError } from '../../../contract/errors.ts'
import { overlaps, parseNetwork } from '../../../domain/addressing.ts'

type Subnet = AwsVpc['subnets'][number]

const LISTED = 12

const listed = (items: readonly string[]): string => {
  if (items.length === 0) return 'none'
  const more = items.length - LISTED
  return `${items.slice(0, LISTED).join('; ')}${more > 0 ? `; and ${more} more` : ''}`
}

const named = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  name === '' ? id : `${id} "${name}"`

const vpcLine = (vpc: AwsVpc): string => `${named(vpc)} ${vpc.cidrs.join(' ')}`

/**
 * The VPC that is meant, or the region's default one. Pure.
 * @throws MoleError `bad-input` saying which there are.
 */
export const chooseVpc = (vpcs: readonly AwsVpc[], vpcId: string | null, region: string): AwsVpc => {
  const vpc = vpcs.find(({ id, isDefault }) => (vpcId === null ? isDefault : id === vpcId))
  if (vpc !== undefined) return vpc
  throw new MoleError(
    'bad-input',
    vpcId === null ? `The region ${region} has no default VPC.` : `There is no VPC ${vpcId} in ${region}.`,
    {
      field: 'deployment.vpc',
      meaning: `There are: ${listed(vpcs.map(vpcLine))}. Nothing was made.`,
      nextStep:
        vpcs.length === 0
          ? 'Make a VPC with a public subnet, or choose another region (aws.region).'
          : 'Name one of them (--vpc), or choose another region (aws.region).',
    },
  )
}

/** A /16 that nothing of the VPC is in. */
const freeBase = (cidrs: readonly string[]): string => {
  const taken = cidrs.flatMap((cidr) => parseNetwork(cidr) ?? [])
  const isFree = (cidr: string): boolean => {
    const network = parseNetwork(cidr)
    return network !== null && !taken.some((each) => overlaps(each, network))
  }
  const candidates = [
    ...Array.from({ length: 156 }, (_, at) => `10.${at + 100}.0.0/16`),
    ...Array.from({ length: 16 }, (_, at) => `172.${at + 16}.0.0/16`),
  ]
  return candidates.find(isFree) ?? '192.168.0.0/16'
}

/**
 * Refuses tunnel addresses that are addresses of the VPC too: what is meant for one would reach the other. Pure.
 * @throws MoleError `bad-input` naming a network that is free.
 */
export const assertApart = (baseCidr: string, vpc: AwsVpc): void => {
  const base = parseNetwork(baseCidr)
  const clash = vpc.cidrs.find((cidr) => {
    const network = parseNetwork(cidr)
    return base !== null && network !== null && overlaps(base, network)
  })
  if (clash === undefined) return
  throw new MoleError(
    'bad-input',
    `The tunnels’ own addresses ${baseCidr} are addresses of ${named(vpc)} too (${clash}).`,
    {
      field: 'tunnel.base_cidr',
      meaning: 'What is meant for one would reach the other. Nothing was made.',
      nextStep: `Choose another /16, such as tunnel.base_cidr: ${freeBase(vpc.cidrs)}.`,
    },
  )
}

const subnetLine = (subnet: Subnet): string =>
  `${named(subnet)} in ${subnet.zone}, ${subnet.isPublic ? 'public' : 'private'}`

const refuse = (message: string, vpc: AwsVpc, nextStep: string): MoleError =>
  new MoleError('bad-input', message, {
    field: 'aws.subnets',
    meaning: `A bastion must stand in a public subnet: one whose default route leads to an internet gateway. ${vpc.id} has: ${listed(vpc.subnets.map(subnetLine))}. Nothing was made.`,
    nextStep,
  })

const MAKE_PUBLIC =
  'Choose another VPC (--vpc), or give a subnet a route table whose route 0.0.0.0/0 leads to an internet gateway.'

const givenSubnets = (vpc: AwsVpc, ids: readonly string[]): Subnet[] =>
  ids.map((id) => {
    const subnet = vpc.subnets.find((each) => each.id === id)
    if (subnet === undefined) throw refuse(`There is no subnet ${id} in ${vpc.id}.`, vpc, 'Name subnets of this VPC.')
    if (!subnet.isPublic) throw refuse(`The subnet ${id} is not public.`, vpc, 'Name public subnets, or none.')
    return subnet
  })

/** Zones such as `us-west-2a`: local zones and outposts are left to who names them. */
const isOrdinary = (zone: string, region: string): boolean =>
  zone.startsWith(region) && zone.length === region.length + 1

const wantedZones = (zones: readonly string[], region: string): readonly string[] =>
  zones.filter((zone) => isOrdinary(zone, region))

/** One for each zone: the one with the most free addresses. */
const roomiest = (subnets: readonly Subnet[], zone: string): Subnet[] =>
  subnets
    .filter((each) => each.zone === zone && each.isPublic && each.freeAddresses > 0)
    .sort((a, b) => b.freeAddresses - a.freeAddresses || (a.id < b.id ? -1 : 1))
    .slice(0, 1)

/**
 * Where the bastions stand: the subnets asked for, or one public subnet in each zone asked for; zones of other regions
 * are passed over, and when none is left all zones of the region count. Pure, never empty.
 * @throws MoleError `bad-input` saying what there is and what to do.
 */
export const chooseSubnets = (
  vpc: AwsVpc,
  {
    subnetIds,
    availabilityZones,
  }: { readonly subnetIds: readonly string[]; readonly availabilityZones: readonly string[] },
  region: string,
): Subnet[] => {
  if (subnetIds.length > 0) return givenSubnets(vpc, subnetIds)
  const asked = wantedZones(availabilityZones, region)
  const all = [...new Set(vpc.subnets.map(({ zone }) => zone))].filter((zone) => isOrdinary(zone, region)).sort()
  const chosen = (asked.length > 0 ? asked : all).flatMap((zone) => roomiest(vpc.subnets, zone))
  if (chosen.length > 0) return chosen
  const elsewhere = all.filter((zone) => roomiest(vpc.subnets, zone).length > 0)
  throw elsewhere.length > 0
    ? refuse(
        `${vpc.id} has no public subnet with free addresses in ${asked.join(', ')}.`,
        vpc,
        `Take other zones: aws.availability_zones: [${elsewhere.join(', ')}].`,
      )
    : refuse(`${vpc.id} has no public subnet with free addresses.`, vpc, MAKE_PUBLIC)
}
