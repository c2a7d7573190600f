import { existsSync, renameSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { MoleError } from '../../contract/errors.ts'
import { MIGRATIONS, SCHEMA_VERSION } from './schema.ts'
import { unusable } from './unusable.ts'

export type OpenedDatabase = {
  readonly database: DatabaseSync
  /** Where a database that could not be read was moved to; `null` when there was none such. */
  readonly setAside: string | null
}

/** SQLite's result codes for a file that is damaged or no database at all (sqlite.org/rescode.html). */
const DAMAGED = new Set([11, 26])

const isDamage = (error: unknown): boolean => DAMAGED.has(((error as { errcode?: number }).errcode ?? 0) & 0xff)

class Damaged extends Error {}

const userVersion = (database: DatabaseSync): number =>
  Number((database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version)

const assertSound = (database: DatabaseSync): void => {
  const row = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string }
  if (row.quick_check !== 'ok') throw new Damaged(row.quick_check)
}

const newer = (path: string, version: number): MoleError =>
  new MoleError(
    'not-available',
    `The database ${path} was written by a newer Cloud Mole (format ${version}; this one knows ${SCHEMA_VERSION}).`,
    {
      field: path,
      meaning: 'It was left untouched, and nothing was started.',
      nextStep: 'Run the newer Cloud Mole, or move the file away to begin anew.',
    },
  )

const migrate = (database: DatabaseSync, path: string): void => {
  const version = userVersion(database)
  if (version > SCHEMA_VERSION) throw newer(path, version)
  for (const [index, sql] of [...MIGRATIONS.entries()].slice(version))
    database.exec(`BEGIN IMMEDIATE; ${sql}; PRAGMA user_version = ${index + 1}; COMMIT`)
}

const openSound = (path: string): DatabaseSync => {
  const database = new DatabaseSync(path, { timeout: 2000, enableForeignKeyConstraints: true })
  try {
    assertSound(database)
    migrate(database, path)
    // FULL: an intent must be on the disk before the cloud is asked to make what costs money.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

const moveAway = (path: string, atMs: number): string => {
  const target = `${path}.damaged-${new Date(atMs).toISOString().replaceAll(/[:.]/g, '-')}`
  for (const suffix of ['', '-wal', '-shm']) if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix)
  return target
}

/**
 * Opens the database, making or migrating it as needed. A damaged one is moved aside, never overwritten.
 * @throws MoleError `not-available` when it is of a newer format (left untouched) or cannot be read or written.
 */
export const openDatabase = (path: string, atMs: number): OpenedDatabase => {
  try {
    return { database: openSound(path), setAside: null }
  } catch (error) {
    if (error instanceof MoleError) throw error
    if (!(error instanceof Damaged) && !isDamage(error)) throw unusable(path, error)
    const setAside = moveAway(path, atMs)
    return { database: openSound(path), setAside }
  }
}
