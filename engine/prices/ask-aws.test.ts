import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Fixture, openFixture } from '../testing/fixture.ts'

/** What a price list entry is on the wire: JSON text inside JSON. */
const entry = (attributes: Record<string, string>, unit: string, usd: string): string =>
  JSON.stringify({
    product: { attributes },
    terms: { OnDemand: { term: { priceDimensions: { rate: { unit, pricePerUnit: { USD: usd } } } } } },
    publicationDate: '2026-11-20T00:00:00Z',
  })

type Question = {
  readonly ServiceCode: string
  readonly Filters: readonly { readonly Field: string; readonly Value: string }[]
}

const listOf = ({ ServiceCode, Filters }: Question): string[] => {
  const wanted = Object.fromEntries(Filters.map(({ Field, Value }) => [Field, Value]))
  if (ServiceCode === 'AmazonVPC') return [entry({ usagetype: 'SAE1-PublicIPv4:InUseAddress' }, 'Hrs', '0.0050')]
  if (ServiceCode === 'AWSDataTransfer') return [entry({}, 'GB', '0.1500')]
  if (wanted.productFamily === 'Storage') return [entry({}, 'GB-Mo', '0.1520')]
  return wanted.instanceType === 'c6gn.medium' ? [entry({}, 'Hrs', '0.0660')] : []
}

const SPOT = `<?xml version="1.0" encoding="UTF-8"?>
<DescribeSpotPriceHistoryResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><spotPriceHistorySet><item>
<instanceType>c6gn.medium</instanceType><productDescription>Linux/UNIX</productDescription><spotPrice>0.0211</spotPrice>
<timestamp>2026-11-21T08:00:00.000Z</timestamp><availabilityZone>sa-east-1a</availabilityZone>
</item></spotPriceHistorySet><nextToken/></DescribeSpotPriceHistoryResponse>`

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

let server: Server
let fixture: Fixture
let expired = false

// One for all: the SDK's clients are kept as long as their credentials serve.
beforeAll(async () => {
  server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const isPricing = String(request.headers['x-amz-target']).endsWith('.GetProducts')
      response.writeHead(expired ? 400 : 200, { 'content-type': isPricing ? 'application/x-amz-json-1.1' : 'text/xml' })
      if (expired) response.end(JSON.stringify({ __type: 'ExpiredTokenException', message: 'The token is expired' }))
      else if (isPricing) response.end(JSON.stringify({ FormatVersion: 'aws_v1', PriceList: listOf(JSON.parse(text)) }))
      else response.end(SPOT)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example')
  vi.stubEnv('AWS_REGION', 'sa-east-1')
})
afterAll(async () => {
  vi.unstubAllEnvs()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
beforeEach(async () => {
  expired = false
  fixture = await openFixture()
})
afterEach(() => fixture.cleanUp())

describe('prices over the contract, by the SDK itself', () => {
  it('are those shipped, and after a refresh those that AWS says, of the region of the environment', async () => {
    const { client } = await fixture.start()
    const { document: shipped } = await client.call('prices.table', {})
    expect(shipped.regions).not.toHaveProperty('sa-east-1')
    const { document, changes } = await client.call('prices.refresh', {})
    expect(document.regions['sa-east-1']).toMatchObject({
      onDemandUsdPerHour: { 'c6gn.medium': { value: 0.066 } },
      publicIpv4UsdPerHour: { value: 0.005 },
      gp3UsdPerGbMonth: { value: 0.152 },
      dataOut: { tiers: [{ upToGb: null, usdPerGb: 0.15 }] },
      spotUsdPerHour: { 'c6gn.medium': { least: 0.0211, most: 0.0211 } },
    })
    expect(changes).toContain('c6gn.medium, an hour: $0.0660, not known before.')
    expect((await client.call('prices.table', {})).document).toEqual(document)
  })

  it('say how to log in again, and stay', async () => {
    const { client } = await fixture.start()
    expired = true
    await expect(client.call('prices.refresh', { region: 'sa-east-1' })).rejects.toMatchObject({
      code: 'credentials-expired',
      data: { nextStep: expect.stringContaining('aws sso login') },
    })
    expired = false
    expect((await client.call('prices.refresh', { region: 'sa-east-1' })).changes).not.toEqual([])
  })
})
