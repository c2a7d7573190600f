import type { AwsVpc, DoctorCheck } from '../../../contract/app.ts'
import type { OfferedType } from './instance-types.ts'

/** The VPC meant: the one named, else the default one. */
export const chooseVpc = (vpcs: readonly AwsVpc[], vpcId: string | null): AwsVpc | null =>
  vpcs.find(({ id, isDefault }) => (vpcId === null ? isDefault : id === vpcId)) ?? null

const nameOf = ({ id, name }: { id: string; name: string }): string => (name === '' ? id : `${id} (${name})`)

/** Whether there is a VPC to deploy into. Pure. */
export const judgeVpc = (vpcs: readonly AwsVpc[], vpcId: string | null, region: string): DoctorCheck => {
  const vpc = chooseVpc(vpcs, vpcId)
  const common = { id: 'vpc', title: 'VPC' }
  if (vpc !== null)
    return {
      ...common,
      state: 'ok',
      detail: `${nameOf(vpc)}${vpc.isDefault ? ', the default one' : ''}: ${vpc.cidrs.join(', ')}`,
      remedy: null,
    }
  const there = vpcs.map(nameOf).join(', ')
  const choose = there === '' ? '' : ` There are: ${there}.`
  return vpcId === null
    ? {
        ...common,
        state: 'missing',
        detail: `${region} has no default VPC.${choose}`,
        remedy: 'Name one: --vpc vpc-… (or make a default one: aws ec2 create-default-vpc).',
      }
    : {
        ...common,
        state: 'missing',
        detail: `${vpcId} is not in ${region}.${choose}`,
        remedy: 'Name one that is there: --vpc vpc-….',
      }
}

const zonesOf = (subnets: AwsVpc['subnets']): string[] => [...new Set(subnets.map(({ zone }) => zone))]

/** Whether the VPC has a subnet that a bastion can stand in. Pure. */
export const judgeSubnets = (vpc: AwsVpc): DoctorCheck => {
  const common = { id: 'public-subnet', title: 'Public subnet' }
  const open = vpc.subnets.filter(({ isPublic }) => isPublic)
  const free = open.filter(({ freeAddresses }) => freeAddresses > 0)
  if (free.length > 0)
    return {
      ...common,
      state: 'ok',
      detail: `${free.map(nameOf).join(', ')} in ${zonesOf(free).join(', ')}`,
      remedy: null,
    }
  if (open.length > 0)
    return {
      ...common,
      state: 'missing',
      detail: `no address is free in ${open.map(nameOf).join(', ')}`,
      remedy: 'Free addresses there, or make another public subnet.',
    }
  return {
    ...common,
    state: 'missing',
    detail: `no subnet of ${nameOf(vpc)} leads to an internet gateway`,
    remedy:
      'Attach an internet gateway to the VPC and lead 0.0.0.0/0 to it in the route table of one subnet, or choose another VPC (--vpc).',
  }
}

type Where = { readonly vpc: AwsVpc | null; readonly region: string }

/** Whether an instance type is to be had where a bastion could stand. */
const judgeOffering = (name: string, offered: readonly OfferedType[], { vpc, region }: Where): DoctorCheck => {
  const common = { id: `offering:${name}`, title: name }
  const type = offered.find((each) => each.name === name)
  if (type === undefined || type.zones.length === 0)
    return {
      ...common,
      state: 'missing',
      detail: `not offered in ${region}`,
      remedy: 'Choose another type (aws.instance_types) or region.',
    }
  if (type.architecture === null)
    return {
      ...common,
      state: 'missing',
      detail: 'its processor has no Amazon Linux image',
      remedy: 'Choose an arm64 or x86_64 type (aws.instance_types).',
    }
  const open = zonesOf(vpc?.subnets.filter(({ isPublic }) => isPublic) ?? [])
  const usable = type.zones.filter((zone) => open.includes(zone))
  const isNowhere = vpc !== null && open.length > 0 && usable.length === 0
  return {
    ...common,
    state: isNowhere ? 'missing' : 'ok',
    detail: isNowhere
      ? `offered in ${type.zones.join(', ')}, and the public subnets are in ${open.join(', ')}`
      : `${type.vcpus} ${type.vcpus === 1 ? 'vCPU' : 'vCPUs'}, ${type.architecture}; offered in ${(open.length === 0 ? type.zones : usable).join(', ')}`,
    remedy: isNowhere
      ? 'Choose another type (aws.instance_types), or make a public subnet in one of those zones.'
      : null,
  }
}

/** Each of the types asked for; one that cannot be had is passed over while another can. Pure. */
export const judgeOfferings = (
  names: readonly string[],
  offered: readonly OfferedType[],
  where: Where,
): DoctorCheck[] => {
  const checks = names.map((name) => judgeOffering(name, offered, where))
  return checks.some(({ state }) => state === 'ok')
    ? checks.map((check) => (check.state === 'missing' ? { ...check, state: 'warning' } : check))
    : checks
}
