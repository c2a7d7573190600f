import { describe, expect, it } from 'vitest'
import { parsePriceTable } from './price-table.ts'
import { shippedDocument, shippedTable } from './testing/shipped-table.ts'

type Table = { network: object; types: object[] }

const changed = (change: (document: Table) => void): unknown => {
  const document = structuredClone(shippedDocument()) as Table
  change(document)
  return document
}

describe('a price table', () => {
  it('is refused where it names a source that it does not have', () => {
    const document = changed((table) => Object.assign(table.network, { source: 'hearsay' }))
    expect(() => parsePriceTable(document)).toThrow('hearsay')
  })

  it('is refused with a key or a price nobody foresaw', () => {
    expect(() => parsePriceTable(changed((table) => Object.assign(table, { more: 1 })))).toThrow()
    const below = changed((table) => Object.assign(table.types[0] ?? {}, { baselineGbps: -1 }))
    expect(() => parsePriceTable(below)).toThrow()
  })

  it('comes with a kind, and a date or the word that there is none, for every number', () => {
    for (const prices of shippedTable.regions.values())
      for (const { from } of [
        ...prices.onDemandUsdPerHour.values(),
        prices.publicIpv4UsdPerHour,
        prices.gp3UsdPerGbMonth,
      ])
        expect(from.date !== null || /undated|no date|not given|no dated/.test(from.note)).toBe(true)
  })

  // AWS prices the sizes of these families by the vCPU: a slip of the pen, or the rate of a dedicated host, stands out.
  it('has one price a vCPU in each region and network family', () => {
    for (const { region, onDemandUsdPerHour } of shippedTable.regions.values()) {
      for (const family of ['c6gn', 'c7gn', 'c6in', 'c5n']) {
        const each = shippedTable.types.flatMap(({ name, vcpus }) => {
          const price = name.startsWith(`${family}.`) ? onDemandUsdPerHour.get(name) : undefined
          return price === undefined ? [] : [price.value / vcpus]
        })
        expect(Math.max(...each) / Math.min(...each), `${family} in ${region}`).toBeLessThan(1.002)
      }
    }
  })

  it('bursts no lower than it is steady, and prices only types it has', () => {
    const names = new Set(shippedTable.types.map(({ name }) => name))
    for (const { burstBitsPerSecond, baselineBitsPerSecond } of shippedTable.types)
      expect(burstBitsPerSecond).toBeGreaterThanOrEqual(baselineBitsPerSecond)
    for (const { onDemandUsdPerHour } of shippedTable.regions.values())
      for (const name of onDemandUsdPerHour.keys()) expect(names).toContain(name)
  })
})
