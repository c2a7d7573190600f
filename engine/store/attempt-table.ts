import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'

const { tunnels, carriage } = DeploymentPlan.shape
const Bundle = z.strictObject({ tunnels, carriage })

/** What is being tried of a bundle: how it was, and how it is meanwhile. */
const Attempt = z.strictObject({ before: Bundle, tried: Bundle })
export type AttemptRecord = z.infer<typeof Attempt> & { readonly deploymentId: string }

/** `null` where nothing is being tried, or another version wrote it otherwise. */
export const readAttempt = (database: DatabaseSync, deploymentId: string): AttemptRecord | null => {
  const row = database.prepare('SELECT attempt FROM attempts WHERE deployment_id = ?').get(deploymentId)
  if (row === undefined) return null
  const { data } = Attempt.safeParse(JSON.parse(String(row.attempt)))
  return data === undefined ? null : { deploymentId, ...data }
}

export const writeAttempt = (database: DatabaseSync, { deploymentId, before, tried }: AttemptRecord): void => {
  database
    .prepare('INSERT OR REPLACE INTO attempts (deployment_id, attempt) VALUES (?, ?)')
    .run(deploymentId, JSON.stringify({ before, tried }))
}

export const deleteAttempts = (database: DatabaseSync): void => {
  database.exec('DELETE FROM attempts')
}
