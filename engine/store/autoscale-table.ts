import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { ScalingDecision } from '../../contract/app.ts'
import { Memory } from '../../domain/autoscale/state.ts'

/** What scaling by itself must not forget of a deployment: what was measured, and what was decided, the newest first. */
export type AutoscaleRecord = {
  readonly deploymentId: string
  readonly memory: Memory
  readonly decisions: readonly ScalingDecision[]
}

const parsed = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(schema)

const Row = z.object({ memory: parsed(Memory), decisions: parsed(z.array(ScalingDecision)) })

/** `null` where nothing was noted, or another version noted it otherwise: it is measured anew. */
export const readAutoscale = (database: DatabaseSync, deploymentId: string): AutoscaleRecord | null => {
  const row = Row.safeParse(database.prepare('SELECT * FROM autoscaling WHERE deployment_id = ?').get(deploymentId))
  return row.success ? { deploymentId, ...row.data } : null
}

export const writeAutoscale = (database: DatabaseSync, { deploymentId, memory, decisions }: AutoscaleRecord): void => {
  database
    .prepare('INSERT OR REPLACE INTO autoscaling (deployment_id, memory, decisions) VALUES (?, ?, ?)')
    .run(deploymentId, JSON.stringify(memory), JSON.stringify(decisions))
}

export const deleteAutoscale = (database: DatabaseSync, deploymentId: string): void => {
  database.prepare('DELETE FROM autoscaling WHERE deployment_id = ?').run(deploymentId)
}
