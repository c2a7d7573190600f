import { chmodSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { MoleError } from '../contract/errors.ts'
import { HostState } from '../domain/host-state.ts'
import type { SysctlOrigin } from './diff.ts'
import type { MptcpLimits } from './observe/facts.ts'
import type { Operation } from './operation.ts'
import { operationOf } from './past-operation.ts'
import type { TuningOrigin } from './tuning/setting.ts'

/** What is known of the host beyond what it shows by itself. */
export type Settled = {
  readonly desired: HostState | null
  readonly sysctlOrigins: readonly SysctlOrigin[]
  readonly limitsOrigin: MptcpLimits | null
  readonly tuningOrigins: readonly TuningOrigin[]
}

/** A change that is not final yet. */
export type Pending = {
  /** `applying`, `reverting`: under way, or cut off. `waiting`: done, and to be undone unless confirmed. */
  readonly phase: 'applying' | 'waiting' | 'reverting'
  /** On the clock of `process.hrtime`; only while `waiting`. */
  readonly deadlineMs: number | null
  readonly before: Settled
  /** Every operation since `before`, in order. */
  readonly operations: readonly Operation[]
}

/**
 * The helper's memory, on disk before the host is touched. Opening it is also the lock: one helper a directory, and the
 * kernel drops the lock with the process.
 */
export type Journal = {
  readonly generation: () => number
  readonly settled: () => Settled
  readonly pending: () => Pending | null
  /** Records what is about to be done, and what will be so afterwards. Counts up the generation. */
  readonly begin: (phase: 'applying' | 'reverting', operations: readonly Operation[], after: Settled) => void
  /** Records further operations of the change under way. */
  readonly extend: (operations: readonly Operation[]) => void
  /** The change is done, and undone again at `deadlineMs`. */
  readonly await: (deadlineMs: number, after: Settled) => void
  /** What is so now is final. */
  readonly settle: (after?: Settled) => void
  /** The change was undone: what was before is so again. Counts up the generation. */
  readonly undone: () => void
  readonly close: () => void
}

const SQLITE_BUSY = 5

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS operations (seq INTEGER PRIMARY KEY, operation TEXT NOT NULL) STRICT;
`

export const NOTHING_KNOWN: Settled = { desired: null, sysctlOrigins: [], limitsOrigin: null, tuningOrigins: [] }

/** The exclusive lock is held until `close`: https://www.sqlite.org/pragma.html#pragma_locking_mode */
const openLocked = (path: string): DatabaseSync => {
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT')
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${SCHEMA}`)
    chmodSync(path, 0o600)
    return database
  } catch (error) {
    database.close()
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error
    throw new MoleError('conflict', 'Another helper serves this directory already.', {
      field: 'directory',
      meaning: 'Two helpers would undo each other, so this one did not start.',
      nextStep: 'Use the one that runs, or end it first.',
    })
  }
}

/**
 * Opens the journal in `path`, and takes the lock. `world` names the network it speaks of (boot and namespace):
 * what it remembers of another one is gone from the kernel, and forgotten.
 * @throws MoleError `conflict` when another helper holds it.
 */
export const openJournal = (path: string, world: string): Journal => {
  const database = openLocked(path)
  const select = database.prepare('SELECT value FROM facts WHERE name = ?')
  const upsert = database.prepare(
    'INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  )
  const insert = database.prepare('INSERT INTO operations (operation) VALUES (?)')
  const list = database.prepare('SELECT operation FROM operations ORDER BY seq')

  const get = <T>(name: string, otherwise: T): T => {
    const row = select.get(name)
    return row === undefined ? otherwise : (JSON.parse(String(row.value)) as T)
  }
  let known: Settled | null = null
  const put = (name: string, value: unknown): void => {
    known = null
    upsert.run(name, JSON.stringify(value))
  }

  /** With `synchronous = FULL` a commit is on disk when it returns. */
  const transact = (work: () => void): void => {
    database.exec('BEGIN IMMEDIATE')
    try {
      work()
      database.exec('COMMIT')
    } catch (error) {
      database.exec('ROLLBACK')
      throw error
    }
  }

  const generation = (): number => get('generation', 0)
  const countUp = (): void => put('generation', generation() + 1)
  const readSettled = (): Settled => {
    const { desired, ...origins } = { ...NOTHING_KNOWN, ...get('settled', NOTHING_KNOWN) }
    return { ...origins, desired: HostState.safeParse(desired).data ?? null }
  }
  const settled = (): Settled => {
    known ??= readSettled()
    return known
  }
  const append = (operations: readonly Operation[]): void => {
    for (const operation of operations) insert.run(JSON.stringify(operation))
  }
  const clear = (): void => {
    put('pending', null)
    database.exec('DELETE FROM operations')
  }
  const pending = (): Pending | null => {
    const open = get<Omit<Pending, 'operations'> | null>('pending', null)
    if (open === null) return null
    return { ...open, operations: list.all().map(({ operation }) => operationOf(JSON.parse(String(operation)))) }
  }

  if (get('world', '') !== world) {
    transact(() => {
      clear()
      put('settled', NOTHING_KNOWN)
      put('world', world)
    })
  }

  return {
    generation,
    settled,
    pending,
    begin: (phase, operations, after) =>
      transact(() => {
        const before = pending()?.before ?? settled()
        put('pending', { phase, deadlineMs: null, before })
        append(operations)
        put('settled', after)
        countUp()
      }),
    extend: (operations) => transact(() => append(operations)),
    await: (deadlineMs, after) =>
      transact(() => {
        put('settled', after)
        put('pending', { ...get('pending', {}), phase: 'waiting', deadlineMs })
      }),
    settle: (after) =>
      transact(() => {
        if (after !== undefined) put('settled', after)
        clear()
      }),
    undone: () =>
      transact(() => {
        put('settled', pending()?.before ?? settled())
        clear()
        countUp()
      }),
    close: () => database.close(),
  }
}
