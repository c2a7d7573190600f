import type { DatabaseSync } from 'node:sqlite'
import { Act, Step } from '../../contract/app.ts'
import { atomically } from './atomically.ts'

/** An act as journalled, with the deployment it was about. */
export type ActRecord = { readonly id: number; readonly deploymentId: string; readonly act: Act }

const KEEP_ACTS = 100

type ActRow = {
  id: number
  deployment_id: string
  verb: string
  state: string
  started_at_ms: number
  ended_at_ms: number | null
}

const readSteps = (database: DatabaseSync, actId: number): Step[] =>
  database
    .prepare('SELECT step FROM steps WHERE act_id = ? ORDER BY ordinal')
    .all(actId)
    .map((row) => Step.parse(JSON.parse(String(row.step))))

/** The newest act, or `null`. */
export const readLastAct = (database: DatabaseSync): ActRecord | null => {
  const row = database.prepare('SELECT * FROM acts ORDER BY id DESC LIMIT 1').get() as ActRow | undefined
  if (row === undefined) return null
  const { verb, state, started_at_ms: startedAtMs, ended_at_ms: endedAtMs } = row
  const act = Act.parse({ verb, state, startedAtMs, endedAtMs, steps: readSteps(database, row.id) })
  return { id: row.id, deploymentId: row.deployment_id, act }
}

const writeSteps = (database: DatabaseSync, actId: number, steps: readonly Step[]): void => {
  for (const [ordinal, step] of steps.entries()) writeStep(database, actId, ordinal, step)
}

/** Writes the intent to act, with all its steps, at once; answers the act's number. */
export const insertAct = (database: DatabaseSync, deploymentId: string, act: Act): number =>
  atomically(database, () => {
    const { lastInsertRowid } = database
      .prepare('INSERT INTO acts (deployment_id, verb, state, started_at_ms, ended_at_ms) VALUES (?, ?, ?, ?, ?)')
      .run(deploymentId, act.verb, act.state, act.startedAtMs, act.endedAtMs)
    const id = Number(lastInsertRowid)
    writeSteps(database, id, act.steps)
    database.prepare('DELETE FROM acts WHERE id <= ?').run(id - KEEP_ACTS)
    return id
  })

/** Puts other steps in the place of an act's. */
export const replaceSteps = (database: DatabaseSync, actId: number, steps: readonly Step[]): void =>
  atomically(database, () => {
    database.prepare('DELETE FROM steps WHERE act_id = ?').run(actId)
    writeSteps(database, actId, steps)
  })

export const writeStep = (database: DatabaseSync, actId: number, ordinal: number, step: Step): void => {
  database
    .prepare('INSERT OR REPLACE INTO steps (act_id, ordinal, step) VALUES (?, ?, ?)')
    .run(actId, ordinal, JSON.stringify(step))
}

export const endAct = (database: DatabaseSync, actId: number, state: Act['state'], endedAtMs: number): void => {
  database.prepare('UPDATE acts SET state = ?, ended_at_ms = ? WHERE id = ?').run(state, endedAtMs, actId)
}
