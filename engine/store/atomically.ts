import type { DatabaseSync } from 'node:sqlite'

/** All of `work` or nothing: a full disk does not end the transaction by itself, and what came after would be lost in it. */
export const atomically = <T>(database: DatabaseSync, work: () => T): T => {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
