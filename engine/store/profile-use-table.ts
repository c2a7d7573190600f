import type { DatabaseSync } from 'node:sqlite'

/** Notes that a profile was connected; of its earlier connections only the last is kept. */
export const writeProfileUse = (database: DatabaseSync, name: string, connectedAtMs: number): void => {
  database.prepare('INSERT OR REPLACE INTO profile_uses (name, connected_at_ms) VALUES (?, ?)').run(name, connectedAtMs)
}

/** What is noted of `name` is from now on noted of `to`, in the place of what was noted of that. */
export const renameProfileUse = (database: DatabaseSync, name: string, to: string): void => {
  database.prepare('UPDATE OR REPLACE profile_uses SET name = ? WHERE name = ?').run(to, name)
}

/** When a profile was last connected, in milliseconds since the epoch; `null` when it never was. */
export const readProfileUse = (database: DatabaseSync, name: string): number | null => {
  const row = database.prepare('SELECT connected_at_ms FROM profile_uses WHERE name = ?').get(name)
  return row === undefined ? null : Number(row.connected_at_ms)
}
