import { describe, expect, it } from 'vitest'
import { PriceDocument, parsePriceTable } from './price-table.ts'
import { priceChanges, type RegionQuote, withRegion } from './refreshed-table.ts'
import { shippedDocument } from './testing/shipped-table.ts'

const shipped = PriceDocument.parse(shippedDocument())

const quote = (changes: Partial<RegionQuote> = {}): RegionQuote => ({
  published: '2026-11-20',
  onDemandUsdPerHour: new Map([
    ['c6gn.medium', 0.066],
    ['t4g.nano', 0.0067],
  ]),
  publicIpv4UsdPerHour: 0.005,
  gp3UsdPerGbMonth: 0.152,
  dataOut: [
    { upToGb: 10240, usdPerGb: 0.15 },
    { upToGb: null, usdPerGb: 0.14 },
  ],
  spot: new Map([['c6gn.medium', { leastUsdPerHour: 0.02, mostUsdPerHour: 0.03 }]]),
  ...changes,
})

const TODAY = '2026-12-01'

describe('a refreshed table', () => {
  it('knows a region it did not know, dated and with its source, and the others as they were', () => {
    const table = parsePriceTable(withRegion(shipped, 'sa-east-1', quote(), TODAY))
    const prices = table.regions.get('sa-east-1')
    expect(prices?.onDemandUsdPerHour.get('c6gn.medium')).toMatchObject({
      value: 0.066,
      from: { kind: 'published', date: '2026-11-20' },
    })
    expect(prices?.spotUsdPerHour.get('c6gn.medium')).toMatchObject({
      value: { least: 0.02, most: 0.03 },
      from: { kind: 'measured', date: TODAY },
    })
    expect(prices?.dataInUsdPerGb.value).toBe(0)
    const before = parsePriceTable(shipped)
    for (const [region, known] of before.regions) expect(table.regions.get(region)).toEqual(known)
    expect([table.compiled, table.types]).toEqual([TODAY, before.types])
  })

  it('keeps the price of data out where AWS gave none that could be understood', () => {
    const table = parsePriceTable(withRegion(shipped, 'us-east-1', quote({ dataOut: null, spot: null }), TODAY))
    expect(table.regions.get('us-east-1')?.dataOut).toEqual(parsePriceTable(shipped).regions.get('us-east-1')?.dataOut)
    expect(withRegion(shipped, 'sa-east-1', quote({ dataOut: null }), TODAY).regions['sa-east-1']?.dataOut).toBeNull()
  })

  it('never grows by being refreshed again, and is never older than it was', () => {
    const once = withRegion(shipped, 'us-west-2', quote(), TODAY)
    const again = withRegion(once, 'us-west-2', quote({ published: '2026-12-02' }), '2026-12-03')
    expect(Object.keys(again.sources)).toEqual(Object.keys(once.sources))
    expect(withRegion(again, 'us-west-2', quote(), '2020-01-01').compiled).toBe('2026-12-03')
    expect(once.sources).not.toHaveProperty('data-out-as-us-east')
  })
})

describe('what changed', () => {
  const changes = (region: string, asked: RegionQuote): string[] =>
    priceChanges(shipped, withRegion(shipped, region, asked, TODAY), region)

  it('is told price by price', () => {
    const told = changes('us-west-2', quote())
    expect(told).toContain('c6gn.medium, an hour: $0.0660, was $0.0432.')
    expect(told).toContain('c6gn.large, an hour: no longer offered; it was $0.0864.')
    expect(told).toContain('a GB of gp3 disk, a month: $0.152, was $0.0800.')
    expect(told).toContain('data out, a GB by tiers: $0.150, $0.140, was $0.0900, $0.0850, $0.0700, $0.0500.')
    expect(told).toContain('c6gn.medium as Spot, an hour: $0.0200 to $0.0300.')
    expect(told.some((line) => line.includes('public IPv4'))).toBe(false)
  })

  it('of a region that was not known is everything; of the same prices nothing', () => {
    expect(changes('sa-east-1', quote())).toContain('c6gn.medium, an hour: $0.0660, not known before.')
    const once = withRegion(shipped, 'sa-east-1', quote(), TODAY)
    expect(priceChanges(once, withRegion(once, 'sa-east-1', quote(), '2026-12-02'), 'sa-east-1')).toEqual([])
  })
})
