import type { DatabaseSync } from 'node:sqlite'
import { ActivityEvent } from '../../contract/app.ts'

/** Events kept; the oldest go first. */
export const KEEP_EVENTS = 2000

export const insertEvent = (database: DatabaseSync, event: Omit<ActivityEvent, 'id'>): ActivityEvent => {
  const { lastInsertRowid } = database
    .prepare('INSERT INTO events (at_ms, level, kind, text) VALUES (?, ?, ?, ?)')
    .run(event.atMs, event.level, event.kind, event.text)
  const id = Number(lastInsertRowid)
  database.prepare('DELETE FROM events WHERE id <= ?').run(id - KEEP_EVENTS)
  return { id, ...event }
}

/** The newest `limit` events, oldest first. */
export const readEvents = (database: DatabaseSync, limit: number): ActivityEvent[] =>
  database
    .prepare('SELECT id, at_ms AS atMs, level, kind, text FROM events ORDER BY id DESC LIMIT ?')
    .all(limit)
    .map((row) => ActivityEvent.parse({ ...row }))
    .reverse()
