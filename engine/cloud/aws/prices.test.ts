import { DescribeSpotPriceHistoryCommand, EC2Client } from '@aws-sdk/client-ec2'
import { GetProductsCommand, type GetProductsCommandInput, PricingClient } from '@aws-sdk/client-pricing'
import { mockClient } from 'aws-sdk-client-mock'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { observeRegionPrices } from './prices.ts'

const pricing = mockClient(PricingClient)
const ec2 = mockClient(EC2Client)

const ACCOUNT = { profile: null, region: 'sa-east-1' }
const CLIENTS = { pricing: new PricingClient({ region: 'us-east-1' }), ec2: new EC2Client({ region: ACCOUNT.region }) }
const TYPES = ['c6gn.medium', 't4g.nano', 'c7gn.large']

type Price = {
  readonly unit: string
  readonly usd: string
  readonly begin?: string
  readonly end?: string
  readonly currency?: string
}

/** An entry as the price list writes it (aws_v1). */
const product = (attributes: Record<string, string>, prices: readonly Price[]): string =>
  JSON.stringify({
    product: { productFamily: 'any', attributes, sku: 'X' },
    serviceCode: 'any',
    terms: {
      OnDemand: {
        'X.JRTCKXETXF': {
          priceDimensions: Object.fromEntries(
            prices.map(({ unit, usd, begin = '0', end = 'Inf', currency = 'USD' }, index) => [
              `X.JRTCKXETXF.${index}`,
              { unit, beginRange: begin, endRange: end, pricePerUnit: { [currency]: usd } },
            ]),
          ),
          effectiveDate: '2026-11-01T00:00:00Z',
        },
      },
      Reserved: { anything: { at: 'all' } },
    },
    version: '1',
    publicationDate: '2026-11-20T11:22:33Z',
  })

const TIERS: readonly Price[] = [
  { unit: 'GB', usd: '0.1500', begin: '10240', end: '51200' },
  { unit: 'GB', usd: '0.1380', begin: '0', end: '10240' },
  { unit: 'GB', usd: '0.1260', begin: '51200', end: 'Inf' },
]

const fieldsOf = ({ Filters }: GetProductsCommandInput): Record<string, string | undefined> =>
  Object.fromEntries((Filters ?? []).map(({ Field, Value }) => [Field, Value]))

/** The price list of São Paulo, or what a test puts in a place of it. */
const answers = (changes: Partial<Record<'instance' | 'disk' | 'address' | 'out', readonly string[]>> = {}): void => {
  pricing.on(GetProductsCommand).callsFake((input: GetProductsCommandInput) => {
    const { instanceType, volumeApiName } = fieldsOf(input)
    if (input.ServiceCode === 'AmazonVPC')
      return {
        PriceList: changes.address ?? [
          product({ usagetype: 'SAE1-VpcEndpoint-Hours' }, [{ unit: 'Hrs', usd: '0.0210' }]),
          product({ usagetype: 'SAE1-PublicIPv4:InUseAddress' }, [{ unit: 'Hrs', usd: '0.0050' }]),
          product({ usagetype: 'SAE1-PublicIPv4:IdleAddress' }, [{ unit: 'Hrs', usd: '0.0060' }]),
        ],
      }
    if (input.ServiceCode === 'AWSDataTransfer') return { PriceList: changes.out ?? [product({}, TIERS)] }
    if (volumeApiName === 'gp3') return { PriceList: changes.disk ?? [product({}, [{ unit: 'GB-Mo', usd: '0.1520' }])] }
    if (changes.instance !== undefined) return { PriceList: changes.instance }
    // Of one type there are two entries, one free of charge; another is not to be had.
    if (instanceType === 'c6gn.medium')
      return {
        PriceList: [product({}, [{ unit: 'Hrs', usd: '0.0000' }]), product({}, [{ unit: 'Hrs', usd: '0.0660' }])],
      }
    return { PriceList: instanceType === 't4g.nano' ? [product({}, [{ unit: 'Hrs', usd: '0.0067' }])] : [] }
  })
}

const observe = () => observeRegionPrices(CLIENTS, ACCOUNT, TYPES, Date.UTC(2026, 10, 21))

beforeEach(() => {
  ec2.on(DescribeSpotPriceHistoryCommand).resolves({
    SpotPriceHistory: [{ InstanceType: 'c6gn.medium', SpotPrice: '0.0211', Timestamp: new Date(0) }],
  })
})
afterEach(() => {
  pricing.reset()
  ec2.reset()
})
afterAll(() => {
  pricing.restore()
  ec2.restore()
})

describe('the prices of a region', () => {
  it('are those of the price list, of types that are to be had, with the day it was published', async () => {
    answers()
    expect(await observe()).toEqual({
      published: '2026-11-20',
      onDemandUsdPerHour: new Map([
        ['c6gn.medium', 0.066],
        ['t4g.nano', 0.0067],
      ]),
      publicIpv4UsdPerHour: 0.005,
      gp3UsdPerGbMonth: 0.152,
      dataOut: [
        { upToGb: 10240, usdPerGb: 0.138 },
        { upToGb: 51200, usdPerGb: 0.15 },
        { upToGb: null, usdPerGb: 0.126 },
      ],
      spot: new Map([['c6gn.medium', { leastUsdPerHour: 0.0211, mostUsdPerHour: 0.0211 }]]),
    })
    const asked = pricing.commandCalls(GetProductsCommand).map(({ args }) => fieldsOf(args[0].input))
    for (const fields of asked) expect(fields.regionCode ?? fields.fromRegionCode).toBe('sa-east-1')
  })

  it('are asked for page by page', async () => {
    answers()
    pricing
      .on(GetProductsCommand, { ServiceCode: 'AmazonVPC', NextToken: undefined })
      .resolves({ NextToken: 'more', PriceList: [] })
    pricing
      .on(GetProductsCommand, { ServiceCode: 'AmazonVPC', NextToken: 'more' })
      .resolves({ PriceList: [product({ usagetype: 'PublicIPv4:InUseAddress' }, [{ unit: 'Hrs', usd: '0.007' }])] })
    expect((await observe()).publicIpv4UsdPerHour).toBe(0.007)
  })

  it.each([
    ['tiers with a gap', TIERS.slice(0, 2)],
    ['tiers that end', TIERS.slice(1, 2)],
    ['another unit', [{ unit: 'TB', usd: '90' }]],
  ])('do not take %s for the price of data out', async (_, prices) => {
    answers({ out: [product({}, prices)] })
    expect((await observe()).dataOut).toBeNull()
  })

  it.each([
    ['no address', { address: [] }, 'a public IPv4 address'],
    [
      'two prices of a disk',
      {
        disk: [
          product({}, [
            { unit: 'GB-Mo', usd: '0.1' },
            { unit: 'GB-Mo', usd: '0.2' },
          ]),
        ],
      },
      'a gp3 disk',
    ],
    ['no instance', { instance: [] }, 'any instance type'],
    ['yuan', { instance: [product({}, [{ unit: 'Hrs', usd: '0.5', currency: 'CNY' }])] }, 'any instance type'],
    ['a price that is none', { disk: [product({}, [{ unit: 'GB-Mo', usd: 'free' }])] }, 'something that is no price'],
    ['half an answer', { disk: ['{"product":'] }, 'something that is no price'],
    ['another form', { disk: ['{"product":{}}'] }, 'something that is no price'],
  ])('are refused with %s', async (_, changes, told) => {
    answers(changes)
    await expect(observe()).rejects.toMatchObject({ code: 'not-available', message: expect.stringContaining(told) })
  })

  it('say what to do when the credentials are of no use, or not allowed to ask', async () => {
    pricing.on(GetProductsCommand).rejects(Object.assign(new Error('late'), { name: 'ExpiredTokenException' }))
    await expect(observe()).rejects.toMatchObject({ code: 'credentials-expired' })
    pricing.on(GetProductsCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }))
    await expect(observe()).rejects.toMatchObject({ code: 'denied' })
  })

  it('are told without Spot prices to whoever may not ask for those', async () => {
    answers()
    ec2.on(DescribeSpotPriceHistoryCommand).rejects(Object.assign(new Error('no'), { name: 'UnauthorizedOperation' }))
    expect((await observe()).spot).toBeNull()
  })
})
