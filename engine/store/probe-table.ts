import type { DatabaseSync } from 'node:sqlite'
import { ProbeReport, ProbeSummary } from '../../domain/probe/report.ts'
import { ProbeTarget } from '../../domain/probe/request.ts'
import { atomically } from './atomically.ts'

/** What is made for a probe: which target, of which probe. */
export type ProbeSiteRecord = { readonly probeId: string; readonly target: ProbeTarget }

/** Probes kept; the oldest go first. */
const KEEP_PROBES = 100

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

export const writeProbeSite = (database: DatabaseSync, { probeId, target }: ProbeSiteRecord): void => {
  database
    .prepare('INSERT OR REPLACE INTO probe_sites (probe_id, target) VALUES (?, ?)')
    .run(probeId, JSON.stringify(target))
}

/**
 * What another version wrote otherwise is left out, and stays written down for it: no engine is kept from starting by it, and a
 * bastion ends itself.
 */
export const readProbeSites = (database: DatabaseSync): ProbeSiteRecord[] =>
  database
    .prepare('SELECT probe_id AS probeId, target FROM probe_sites ORDER BY probe_id')
    .all()
    .flatMap(({ probeId, target }) => {
      const parsed = ProbeTarget.safeParse(JSON.parse(String(target)))
      return parsed.success ? [{ probeId: String(probeId), target: parsed.data }] : []
    })

export const deleteProbeSite = (database: DatabaseSync, probeId: string): void => {
  database.prepare('DELETE FROM probe_sites WHERE probe_id = ?').run(probeId)
}
