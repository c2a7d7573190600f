import { z } from 'zod'
import { Provenance, type Sourced } from './provenance.ts'

const price = z.number().min(0).max(1000)
const figure = z.strictObject({ value: price, source: z.string() })
const gbps = z.number().positive().max(10_000)

const InstanceTypeRow = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/),
  architecture: z.enum(['arm64', 'x86_64']),
  vcpus: z.int().min(1),
  baselineGbps: gbps,
  burstGbps: gbps,
  spendsCpuCredits: z.boolean(),
  source: z.string(),
})

const Tier = z.strictObject({ upToGb: z.number().positive().nullable(), usdPerGb: price })

const RegionRow = z.strictObject({
  onDemandUsdPerHour: z.record(z.string(), figure),
  publicIpv4UsdPerHour: figure,
  gp3UsdPerGbMonth: figure,
  dataInUsdPerGb: figure,
  /** `null` where no price is known. */
  dataOut: z.strictObject({ tiers: z.array(Tier).min(1), source: z.string() }).nullable(),
  /** Between what and what a Spot instance was; without it nobody knows. */
  spotUsdPerHour: z.record(z.string(), z.strictObject({ least: price, most: price, source: z.string() })).optional(),
})

/** A dated table of prices, as it lies in resources/prices. */
export const PriceDocument = z.strictObject({
  compiled: z.iso.date(),
  currency: z.literal('USD'),
  sources: z.record(z.string(), Provenance),
  network: z.strictObject({
    source: z.string(),
    gatewayGbps: gbps,
    gatewayShare: z.number().gt(0).max(1),
    gatewayVcpus: z.int().min(1),
    flowGbps: gbps,
    burstMinutes: z.strictObject({ least: z.number().positive(), most: z.number().positive() }),
  }),
  types: z.array(InstanceTypeRow).min(1),
  regions: z.record(z.string(), RegionRow),
})

/** What AWS says of an instance type. Rates are on the wire, in one direction; both may be full at once. */
export type InstanceType = {
  readonly name: string
  /** `arm64` is Graviton. */
  readonly architecture: 'arm64' | 'x86_64'
  readonly vcpus: number
  readonly baselineBitsPerSecond: number
  /** What it reaches while its network credits last; the baseline where it does not burst. */
  readonly burstBitsPerSecond: number
  /** T types: above a low share of the processor they spend CPU credits, which is billed or slowed. */
  readonly spendsCpuCredits: boolean
  readonly from: Provenance
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-network-bandwidth.html */
export type NetworkRules = {
  /** Through an internet gateway, of an instance with fewer than `gatewayVcpus`; and the least of the others. */
  readonly gatewayBitsPerSecond: number
  /** Through an internet gateway, of the others: this share of their rate. */
  readonly gatewayShare: number
  readonly gatewayVcpus: number
  /** Of one flow. A tunnel is one flow. */
  readonly flowBitsPerSecond: number
  readonly burstMinutes: { readonly least: number; readonly most: number }
  readonly from: Provenance
}

/** A price per GB up to a volume of the month, and the next; the last has no end. */
export type Tier = { readonly upToGb: number | null; readonly usdPerGb: number }

/** From the least to the most that was seen. */
export type Band = { readonly least: number; readonly most: number }

export type RegionPrices = {
  readonly region: string
  readonly onDemandUsdPerHour: ReadonlyMap<string, Sourced<number>>
  readonly publicIpv4UsdPerHour: Sourced<number>
  readonly gp3UsdPerGbMonth: Sourced<number>
  readonly dataInUsdPerGb: Sourced<number>
  readonly dataOut: Sourced<readonly Tier[]> | null
  /** Of the types whose Spot price was looked up. */
  readonly spotUsdPerHour: ReadonlyMap<string, Sourced<Band>>
}

export type PriceTable = {
  /** The day the table was put together (ISO 8601). Its numbers have days of their own. */
  readonly compiled: string
  readonly types: readonly InstanceType[]
  readonly network: NetworkRules
  readonly regions: ReadonlyMap<string, RegionPrices>
}

const GIGA = 1e9

export type PriceDocument = z.infer<typeof PriceDocument>

const sourceOf =
  (sources: PriceDocument['sources']) =>
  (id: string): Provenance => {
    const source = Object.hasOwn(sources, id) ? sources[id] : undefined
    if (source === undefined) throw new Error(`The price table names the source "${id}" and does not have it`)
    return source
  }

type FindSource = (id: string) => Provenance

const typeOf =
  (find: FindSource) =>
  ({ baselineGbps, burstGbps, source, ...rest }: PriceDocument['types'][number]): InstanceType => ({
    ...rest,
    baselineBitsPerSecond: baselineGbps * GIGA,
    burstBitsPerSecond: Math.max(baselineGbps, burstGbps) * GIGA,
    from: find(source),
  })

const networkOf = (find: FindSource, { source, ...network }: PriceDocument['network']): NetworkRules => ({
  gatewayBitsPerSecond: network.gatewayGbps * GIGA,
  gatewayShare: network.gatewayShare,
  gatewayVcpus: network.gatewayVcpus,
  flowBitsPerSecond: network.flowGbps * GIGA,
  burstMinutes: network.burstMinutes,
  from: find(source),
})

const regionOf = (find: FindSource, region: string, row: PriceDocument['regions'][string]): RegionPrices => {
  const sourced = ({ value, source }: z.infer<typeof figure>): Sourced<number> => ({ value, from: find(source) })
  const { onDemandUsdPerHour, dataOut, spotUsdPerHour = {} } = row
  return {
    region,
    onDemandUsdPerHour: new Map(Object.entries(onDemandUsdPerHour).map(([name, each]) => [name, sourced(each)])),
    publicIpv4UsdPerHour: sourced(row.publicIpv4UsdPerHour),
    gp3UsdPerGbMonth: sourced(row.gp3UsdPerGbMonth),
    dataInUsdPerGb: sourced(row.dataInUsdPerGb),
    dataOut: dataOut === null ? null : { value: dataOut.tiers, from: find(dataOut.source) },
    spotUsdPerHour: new Map(
      Object.entries(spotUsdPerHour).map(([name, { source, ...value }]) => [name, { value, from: find(source) }]),
    ),
  }
}

/** A dated table as resources/prices holds it. @throws Error where it is not one. */
export const parsePriceTable = (document: unknown): PriceTable => {
  const { compiled, sources, network, types, regions } = PriceDocument.parse(document)
  const find = sourceOf(sources)
  return {
    compiled,
    network: networkOf(find, network),
    types: types.map(typeOf(find)),
    regions: new Map(Object.entries(regions).map(([region, row]) => [region, regionOf(find, region, row)])),
  }
}
