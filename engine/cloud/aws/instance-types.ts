import {
  type _InstanceType,
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  type InstanceTypeInfo,
} from '@aws-sdk/client-ec2'
import type { AwsAccess } from './access.ts'
import type { Architecture } from './image.ts'

/** An instance type as the region has it. */
export type OfferedType = {
  readonly name: string
  /** `null`: neither of the two that Amazon Linux has images for. */
  readonly architecture: Architecture | null
  readonly vcpus: number
  /** Bits per second, of the first network card; `null` where AWS does not say. */
  readonly baselineBitsPerSecond: number | null
  readonly peakBitsPerSecond: number | null
  /** T types: they earn CPU credits and spend them. */
  readonly isBurstable: boolean
  /** Zones it is offered in. */
  readonly zones: readonly string[]
}

const GIGA = 1e9

const bitsPerSecond = (gbps: number | undefined): number | null => (gbps === undefined ? null : gbps * GIGA)

const typeOf = (info: InstanceTypeInfo, zones: readonly string[]): OfferedType => {
  const architectures: readonly string[] = info.ProcessorInfo?.SupportedArchitectures ?? []
  const card = info.NetworkInfo?.NetworkCards?.[0]
  return {
    name: info.InstanceType ?? '',
    architecture: (['arm64', 'x86_64'] as const).find((each) => architectures.includes(each)) ?? null,
    vcpus: info.VCpuInfo?.DefaultVCpus ?? 0,
    baselineBitsPerSecond: bitsPerSecond(card?.BaselineBandwidthInGbps),
    peakBitsPerSecond: bitsPerSecond(card?.PeakBandwidthInGbps),
    isBurstable: info.BurstablePerformanceSupported ?? false,
    zones,
  }
}

/**
 * Those of the types `names` that the region knows, in the order asked, each with its zones. What it does not know is
 * left out, because the filters of these calls pass over unknown names.
 */
export const observeInstanceTypes = async (access: AwsAccess, names: readonly string[]): Promise<OfferedType[]> => {
  const Filters = [{ Name: 'instance-type', Values: [...names] }]
  const [infos, offerings] = await Promise.all([
    access.list('looking up instance types', async (NextToken, { ec2 }, options) => {
      const answer = await ec2.send(new DescribeInstanceTypesCommand({ Filters, NextToken }), options)
      return { items: answer.InstanceTypes, next: answer.NextToken }
    }),
    access.list('looking up where instance types are offered', async (NextToken, { ec2 }, options) => {
      const request = { LocationType: 'availability-zone', Filters, NextToken } as const
      const answer = await ec2.send(new DescribeInstanceTypeOfferingsCommand(request), options)
      return { items: answer.InstanceTypeOfferings, next: answer.NextToken }
    }),
  ])
  const zonesOf = (name: _InstanceType | undefined): string[] =>
    offerings.flatMap(({ InstanceType, Location }) =>
      InstanceType === name && Location !== undefined ? [Location] : [],
    )
  return names.flatMap((name) =>
    infos.filter(({ InstanceType }) => InstanceType === name).map((info) => typeOf(info, zonesOf(info.InstanceType))),
  )
}
