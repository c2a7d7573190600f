import { renderUsd } from './figures.ts'
import { type Band, type PriceDocument, parsePriceTable, type RegionPrices, type Tier } from './price-table.ts'
import type { Provenance } from './provenance.ts'

/** What AWS says a region costs. */
export type RegionQuote = {
  /** The day its price list was published (ISO 8601); `null` where it does not say. */
  readonly published: string | null
  readonly onDemandUsdPerHour: ReadonlyMap<string, number>
  readonly publicIpv4UsdPerHour: number
  readonly gp3UsdPerGbMonth: number
  /** `null` where it was not understood. */
  readonly dataOut: readonly Tier[] | null
  /** Of the last day; `null` where it may not be asked for. */
  readonly spot: ReadonlyMap<string, { readonly leastUsdPerHour: number; readonly mostUsdPerHour: number }> | null
}

const API = 'https://api.pricing.us-east-1.amazonaws.com'
const HISTORY = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotPriceHistory.html'
/** What no region charges for, and the price list does not say of each. */
const DATA_IN = 'data-in'

type Row = PriceDocument['regions'][string]
type Named = Readonly<Record<string, Provenance>>

const sourcesOf = (region: string, { published }: RegionQuote, today: string): Named => ({
  [`price-list-${region}`]: {
    kind: 'published',
    date: published ?? today,
    url: API,
    note: `AWS Price List API (GetProducts) of ${region}, asked on ${today}`,
  },
  [`spot-${region}`]: {
    kind: 'measured',
    date: today,
    url: HISTORY,
    note: `Spot prices of ${region} in the 24 hours before it was asked, all zones; they change`,
  },
})

const rowOf = (region: string, quote: RegionQuote, before: Row | undefined): Row => {
  const source = `price-list-${region}`
  const { dataOut, spot } = quote
  const bands = [...(spot ?? [])].map(([type, { leastUsdPerHour, mostUsdPerHour }]) => [
    type,
    { least: leastUsdPerHour, most: mostUsdPerHour, source: `spot-${region}` },
  ])
  return {
    onDemandUsdPerHour: Object.fromEntries(
      [...quote.onDemandUsdPerHour].map(([type, value]) => [type, { value, source }]),
    ),
    publicIpv4UsdPerHour: { value: quote.publicIpv4UsdPerHour, source },
    gp3UsdPerGbMonth: { value: quote.gp3UsdPerGbMonth, source },
    dataInUsdPerGb: { value: 0, source: DATA_IN },
    dataOut: dataOut === null ? (before?.dataOut ?? null) : { tiers: [...dataOut], source },
    ...(spot === null ? {} : { spotUsdPerHour: Object.fromEntries(bands) }),
  }
}

/** Every source that something names. */
const namedIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) =>
    key === 'source' && typeof each === 'string' ? [each] : namedIn(each),
  )
}

/** The table with a region's prices as AWS says them, in the place of those it had. Never older than the table was. */
export const withRegion = (
  document: PriceDocument,
  region: string,
  quote: RegionQuote,
  today: string,
): PriceDocument => {
  const regions = { ...document.regions, [region]: rowOf(region, quote, document.regions[region]) }
  const { sources, types, network } = document
  const all = { ...sources, ...sourcesOf(region, quote, today) }
  const named = new Set([...namedIn({ types, network, regions }), DATA_IN])
  return {
    ...document,
    compiled: today > document.compiled ? today : document.compiled,
    sources: Object.fromEntries(Object.entries(all).filter(([id]) => named.has(id))),
    regions,
  }
}

const changed = (what: string, before: number | undefined, after: number | undefined): string[] => {
  if (before === after) return []
  if (before === undefined) return [`${what}: ${renderUsd(after ?? 0)}, not known before.`]
  if (after === undefined) return [`${what}: no longer offered; it was ${renderUsd(before)}.`]
  return [`${what}: ${renderUsd(after)}, was ${renderUsd(before)}.`]
}

const tiersInWords = (tiers: readonly Tier[]): string => tiers.map(({ usdPerGb }) => renderUsd(usdPerGb)).join(', ')

const changedTiers = (before: readonly Tier[] | undefined, after: readonly Tier[] | undefined): string[] => {
  if (JSON.stringify(before) === JSON.stringify(after) || after === undefined) return []
  return [
    `data out, a GB by tiers: ${tiersInWords(after)}, ${before === undefined ? 'not known before' : `was ${tiersInWords(before)}`}.`,
  ]
}

const spotInWords = ({ least, most }: Band): string => `${renderUsd(least)} to ${renderUsd(most)}`

const spotChanges = (before: RegionPrices | undefined, after: RegionPrices): string[] =>
  [...after.spotUsdPerHour].flatMap(([type, { value }]) => {
    const old = before?.spotUsdPerHour.get(type)?.value
    if (old !== undefined && spotInWords(old) === spotInWords(value)) return []
    return [`${type} as Spot, an hour: ${spotInWords(value)}${old === undefined ? '' : `, was ${spotInWords(old)}`}.`]
  })

/** What a region's prices are now and were in the table before, in words; `[]` when nothing changed. */
export const priceChanges = (before: PriceDocument, after: PriceDocument, region: string): string[] => {
  const old = parsePriceTable(before).regions.get(region)
  const now = parsePriceTable(after).regions.get(region)
  if (now === undefined) return []
  const types = [...new Set([...now.onDemandUsdPerHour.keys(), ...(old?.onDemandUsdPerHour.keys() ?? [])])]
  return [
    ...types.flatMap((type) =>
      changed(`${type}, an hour`, old?.onDemandUsdPerHour.get(type)?.value, now.onDemandUsdPerHour.get(type)?.value),
    ),
    ...changed('a public IPv4 address, an hour', old?.publicIpv4UsdPerHour.value, now.publicIpv4UsdPerHour.value),
    ...changed('a GB of gp3 disk, a month', old?.gp3UsdPerGbMonth.value, now.gp3UsdPerGbMonth.value),
    ...changedTiers(old?.dataOut?.value, now.dataOut?.value),
    ...spotChanges(old, now),
  ]
}
