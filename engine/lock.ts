import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { MoleError } from '../contract/errors.ts'

/** Proof that this process is the user's one engine; whoever touches the socket or the database needs it. */
export type EngineLock = { readonly path: string; release(): void }

const SQLITE_BUSY = 5

/** The holder's pid lies beside the lock: an exclusively locked SQLite file cannot be read by others. */
const pidFile = (path: string): string => `${path}.pid`

/** The process that holds, or last held, the lock at `path`; `null` when it did not say. */
export const readHolder = (path: string): number | null => {
  try {
    const pid = Number(readFileSync(pidFile(path), 'utf8').trim())
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null
  } catch {
    return null
  }
}

const taken = (path: string): MoleError => {
  const pid = readHolder(path)
  const who = pid === null ? 'another process' : `process ${pid}`
  return new MoleError('conflict', `An engine of yours is running already (${who}).`, {
    field: 'engine',
    meaning: 'Two engines would undo each other’s work, so this one did not start.',
    nextStep: `Use the running one (the command attaches to it by itself), or end it with "mole serve --stop"${pid === null ? '' : ` or "kill ${pid}"`}.`,
  })
}

/**
 * Holds an SQLite file in an exclusive transaction until it is closed; `null` when somebody else holds it.
 * The kernel drops the lock (fcntl(2)) with the process, so a stale one cannot exist.
 */
export const tryHold = (path: string): DatabaseSync | null => {
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
    return database
  } catch (error) {
    database.close()
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return null
    throw error
  }
}

const unusable = (path: string, cause: unknown): MoleError =>
  new MoleError(
    'not-available',
    `The engine's lock ${path} cannot be taken: ${(cause as Error).message}.`,
    {
      field: path,
      meaning: 'Without it two engines could undo each other’s work, so none was started.',
      nextStep:
        'Check the free space and the permissions there; a lock that is damaged may be removed. Then try again.',
    },
    { cause },
  )

const holdAndSayWho = (path: string): DatabaseSync | null => {
  const database = tryHold(path)
  try {
    if (database !== null) writeFileSync(pidFile(path), `${process.pid}\n`, { mode: 0o600 })
    return database
  } catch (error) {
    database?.close()
    throw error
  }
}

const holdOrTellWhy = (path: string): DatabaseSync | null => {
  try {
    return holdAndSayWho(path)
  } catch (error) {
    throw unusable(path, error)
  }
}

/**
 * Takes the user's engine lock, for the engine's life.
 * @throws MoleError `conflict` naming the pid of the engine that holds it, `not-available` when it cannot be written.
 */
export const takeEngineLock = (path: string): EngineLock => {
  const database = holdOrTellWhy(path)
  if (database === null) throw taken(path)
  return {
    path,
    release: () => {
      if (!database.isOpen) return
      rmSync(pidFile(path), { force: true })
      database.close()
    },
  }
}
