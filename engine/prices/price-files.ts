import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PriceDocument, parsePriceTable } from '../../domain/planner/price-table.ts'
import { type Paths, packageRoot } from '../paths.ts'

const NAME = /^ec2-[0-9]{4}-[0-9]{2}-[0-9]{2}\.json$/

const shippedDirectory = (): string => join(packageRoot(), 'resources', 'prices')

/** Where refreshed tables are kept; those that are shipped are never written over. */
const refreshedDirectory = ({ state }: Pick<Paths, 'state'>): string => join(state, 'prices')

/** The dated tables in a directory, the newest first; none where there is no directory. */
const tablesIn = async (directory: string): Promise<string[]> => {
  const names = await readdir(directory).catch(() => [] as string[])
  return names.filter((name) => NAME.test(name)).sort((a, b) => b.localeCompare(a, 'en'))
}

/** @throws Error where the file is no price table. */
const readDocument = async (path: string): Promise<PriceDocument> => {
  const document = PriceDocument.parse(JSON.parse(await readFile(path, 'utf8')))
  // Also what it says of its sources must hold.
  parsePriceTable(document)
  return document
}

/** The newest table of a directory that can be read. */
const newestReadable = async (directory: string): Promise<PriceDocument | null> => {
  for (const name of await tablesIn(directory)) {
    const document = await readDocument(join(directory, name)).catch(() => null)
    if (document !== null) return document
  }
  return null
}

/**
 * The newest price table: one that came with Cloud Mole, or one refreshed on this machine; of the same day the
 * refreshed one. A refreshed one that cannot be read is passed over.
 */
export const readNewestPrices = async (paths: Pick<Paths, 'state'>): Promise<PriceDocument> => {
  const directory = shippedDirectory()
  const [newest] = await tablesIn(directory)
  if (newest === undefined) throw new Error(`${directory} holds no price table`)
  const shipped = await readDocument(join(directory, newest))
  const refreshed = await newestReadable(refreshedDirectory(paths))
  return refreshed !== null && refreshed.compiled >= shipped.compiled ? refreshed : shipped
}

/** Keeps a refreshed table, whole or not at all. */
export const writePrices = async (paths: Pick<Paths, 'state'>, document: PriceDocument): Promise<void> => {
  const directory = refreshedDirectory(paths)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, `ec2-${document.compiled}.json`)
  const unfinished = `${path}.${process.pid}.new`
  await writeFile(unfinished, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600 })
  await rename(unfinished, path)
}
