import type { DatabaseSync } from 'node:sqlite'
import { ProbeReport, ProbeSummary } from '../../domain/probe/report.ts'
import { atomically } from './atomically.ts'

/** Probes kept; the oldest go first. */
export const KEEP_PROBES = 100

/** Puts a report and its line of the history in the place of what was kept under its id. */
export const writeProbe = (database: DatabaseSync, report: ProbeReport, summary: ProbeSummary): void =>
  atomically(database, () => {
    database
      .prepare('INSERT OR REPLACE INTO probes (id, started_at_ms, summary, report) VALUES (?, ?, ?, ?)')
      .run(report.id, report.startedAtMs, JSON.stringify(summary), JSON.stringify(report))
    database
      .prepare(
        'DELETE FROM probes WHERE id NOT IN (SELECT id FROM probes ORDER BY started_at_ms DESC, id DESC LIMIT ?)',
      )
      .run(KEEP_PROBES)
  })

/** The history, newest first; what another version wrote otherwise is left out. */
export const readProbes = (database: DatabaseSync): ProbeSummary[] =>
  database
    .prepare('SELECT summary FROM probes ORDER BY started_at_ms DESC, id DESC')
    .all()
    .flatMap(({ summary }) => {
      const parsed = ProbeSummary.safeParse(JSON.parse(String(summary)))
      return parsed.success ? [parsed.data] : []
    })

/** `null` where there is none of that id, or another version wrote it otherwise. */
export const readProbe = (database: DatabaseSync, id: string): ProbeReport | null => {
  const row = database.prepare('SELECT report FROM probes WHERE id = ?').get(id)
  if (row === undefined) return null
  return ProbeReport.safeParse(JSON.parse(String(row.report))).data ?? null
}

export const deleteProbe = (database: DatabaseSync, id: string): void => {
  database.prepare('DELETE FROM probes WHERE id = ?').run(id)
}
