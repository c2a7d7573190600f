import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type PriceTable, parsePriceTable } from '../../domain/planner/price-table.ts'
import { packageRoot } from '../paths.ts'

const NAME = /^ec2-[0-9]{4}-[0-9]{2}-[0-9]{2}\.json$/

/** The newest of the dated price tables that come with Cloud Mole. */
export const readNewestPriceTable = async (): Promise<PriceTable> => {
  const directory = join(packageRoot(), 'resources', 'prices')
  const newest = (await readdir(directory))
    .filter((name) => NAME.test(name))
    .sort()
    .at(-1)
  if (newest === undefined) throw new Error(`${directory} holds no price table`)
  return parsePriceTable(JSON.parse(await readFile(join(directory, newest), 'utf8')))
}
