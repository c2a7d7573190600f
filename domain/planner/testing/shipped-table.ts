import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type PriceTable, parsePriceTable, type RegionPrices } from '../price-table.ts'

const DIRECTORY = join(import.meta.dirname, '../../../resources/prices')

export const shippedDocument = (): unknown => {
  const newest = readdirSync(DIRECTORY).sort().at(-1) ?? ''
  return JSON.parse(readFileSync(join(DIRECTORY, newest), 'utf8'))
}

export const shippedTable: PriceTable = parsePriceTable(shippedDocument())

export const pricesIn = (region: string): RegionPrices => {
  const prices = shippedTable.regions.get(region)
  if (prices === undefined) throw new Error(`no prices of ${region}`)
  return prices
}
