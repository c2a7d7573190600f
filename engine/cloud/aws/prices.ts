import { type Filter, paginateGetProducts } from '@aws-sdk/client-pricing'
import { MoleError } from '../../../contract/errors.ts'
import type { RegionQuote } from '../../../domain/planner/refreshed-table.ts'
import type { AwsAccount, AwsClients } from './clients.ts'
import { awsErrorOf } from './errors.ts'
import { type ListedProduct, parseProduct } from './price-list.ts'
import { observeSpotBands } from './prices-spot.ts'

type Fields = Readonly<Record<string, string>>

/** So many questions at once: the price list refuses more than a few a second. */
const AT_ONCE = 4
const DAY_MS = 86_400_000

const termsOf = (fields: Fields): Filter[] =>
  Object.entries(fields).map(([Field, Value]) => ({ Type: 'TERM_MATCH', Field, Value }))

const productsOf = async (
  { pricing }: Pick<AwsClients, 'pricing'>,
  ServiceCode: string,
  fields: Fields,
): Promise<ListedProduct[]> => {
  const products: ListedProduct[] = []
  const pages = paginateGetProducts(
    { client: pricing },
    { ServiceCode, Filters: termsOf(fields), FormatVersion: 'aws_v1' },
  )
  for await (const { PriceList } of pages)
    products.push(...((PriceList ?? []) as unknown[]).map((item) => parseProduct(String(item))))
  return products
}

/** The one price of these products that is not 0; `null` where there is none, or several that differ. */
const onePrice = (products: readonly ListedProduct[], unit: RegExp): number | null => {
  const prices = products.flatMap(({ prices }) => prices.filter((each) => unit.test(each.unit) && each.usd > 0))
  const [first, ...others] = new Set(prices.map(({ usd }) => usd))
  return others.length > 0 ? null : (first ?? null)
}

const HOURS = /^h(ou)?rs$/i

const observeInstance = async (
  clients: Pick<AwsClients, 'pricing'>,
  regionCode: string,
  instanceType: string,
): Promise<ListedProduct[]> =>
  productsOf(clients, 'AmazonEC2', {
    regionCode,
    instanceType,
    operatingSystem: 'Linux',
    tenancy: 'Shared',
    preInstalledSw: 'NA',
    capacitystatus: 'Used',
    marketoption: 'OnDemand',
  })

const isAddress = ({ attributes }: ListedProduct): boolean =>
  (attributes.usagetype ?? '').endsWith('PublicIPv4:InUseAddress')

/** Prices that begin where the one before ends, from 0 without an end; `null` where they do not. */
const tiersOf = (products: readonly ListedProduct[]): RegionQuote['dataOut'] => {
  const [only, ...others] = products.filter(({ prices }) => prices.length > 0)
  if (only === undefined || others.length > 0) return null
  const { prices } = only
  const ends = [0, ...prices.map(({ upTo }) => upTo)]
  const isWhole = prices.every(({ from, unit }, index) => from === ends[index] && unit === 'GB') && ends.at(-1) === null
  return isWhole ? prices.map(({ upTo, usd }) => ({ upToGb: upTo, usdPerGb: usd })) : null
}

/** All of it, a few at a time, in order. */
const inTurns = async <T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = []
  for (let at = 0; at < items.length; at += AT_ONCE)
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))))
  return results
}

const noPrices = (region: string, what: string): MoleError =>
  new MoleError('not-available', `The AWS price list has no price of ${what} in ${region}.`, {
    field: 'region',
    meaning: 'Without it no total would be true. The prices known so far are kept.',
    nextStep: 'See whether the region is spelt right ("mole plan --region us-west-2 --refresh").',
  })

const required = (price: number | null, region: string, what: string): number => {
  if (price === null) throw noPrices(region, what)
  return price
}

const newestDay = (products: readonly ListedProduct[]): string | null =>
  products
    .flatMap(({ published }) => published ?? [])
    .sort()
    .at(-1) ?? null

/** Spot prices are told beside the others; whoever may not ask for them has the others all the same. */
const observeSpot = async (
  clients: Pick<AwsClients, 'ec2'>,
  types: readonly string[],
  nowMs: number,
): Promise<RegionQuote['spot']> => {
  try {
    return await observeSpotBands(clients, types, nowMs - DAY_MS)
  } catch (error) {
    const { code } = awsErrorOf(error, 'asking for Spot prices')
    if (code === 'denied') return null
    throw error
  }
}

/**
 * What a region costs now, by the Pricing API and the Spot price history of the last day. Types that the region has no
 * price of are left out.
 * @throws MoleError also where what every deployment needs has no price there.
 * @see https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html
 */
export const observeRegionPrices = async (
  clients: Pick<AwsClients, 'pricing' | 'ec2'>,
  { profile, region }: AwsAccount,
  types: readonly string[],
  nowMs: number,
): Promise<RegionQuote> => {
  try {
    const addresses = (await productsOf(clients, 'AmazonVPC', { regionCode: region })).filter(isAddress)
    const disks = await productsOf(clients, 'AmazonEC2', {
      regionCode: region,
      productFamily: 'Storage',
      volumeApiName: 'gp3',
    })
    const out = await productsOf(clients, 'AWSDataTransfer', {
      fromRegionCode: region,
      toLocation: 'External',
      transferType: 'AWS Outbound',
    })
    const instances = await inTurns(types, (type) => observeInstance(clients, region, type))
    const onDemand = types.flatMap((type, index) => {
      const usd = onePrice(instances[index] ?? [], HOURS)
      return usd === null ? [] : [[type, usd] as const]
    })
    if (onDemand.length === 0) throw noPrices(region, 'any instance type that Cloud Mole plans with')
    return {
      published: newestDay([...addresses, ...disks, ...out, ...instances.flat()]),
      onDemandUsdPerHour: new Map(onDemand),
      publicIpv4UsdPerHour: required(onePrice(addresses, HOURS), region, 'a public IPv4 address'),
      gp3UsdPerGbMonth: required(onePrice(disks, /^GB-Mo/i), region, 'a gp3 disk'),
      dataOut: tiersOf(out),
      spot: await observeSpot(
        clients,
        onDemand.map(([type]) => type),
        nowMs,
      ),
    }
  } catch (error) {
    throw awsErrorOf(error, `asking for the prices of ${region}`, profile)
  }
}
