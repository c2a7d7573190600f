import { chmodSync } from 'node:fs'
import type { Act, ActivityEvent, Step } from '../../contract/app.ts'
import { type ActRecord, endAct, insertAct, readLastAct, writeStep } from './act-table.ts'
import { type DeploymentRecord, deleteDeployments, readDeployment, writeDeployment } from './deployment-table.ts'
import { insertEvent, readEvents } from './event-table.ts'
import { openDatabase } from './open-database.ts'
import { tellingWhy } from './unusable.ts'

/** What the engine remembers over its own death. Every method has reached the disk when it returns. */
export type Store = {
  /** Where a damaged database was moved to at start, `null` normally. */
  readonly setAside: string | null
  deployment(): DeploymentRecord | null
  saveDeployment(record: DeploymentRecord): void
  forgetDeployment(): void
  lastAct(): ActRecord | null
  beginAct(deploymentId: string, act: Act): number
  saveStep(actId: number, ordinal: number, step: Step): void
  endAct(actId: number, state: Act['state'], endedAtMs: number): void
  addEvent(event: Omit<ActivityEvent, 'id'>): ActivityEvent
  recentEvents(limit: number): ActivityEvent[]
  close(): void
}

/** @throws MoleError `not-available` when the database is of a newer format or cannot be used. */
export const openStore = (path: string, atMs: number): Store => {
  const { database, setAside } = openDatabase(path, atMs)
  chmodSync(path, 0o600)
  return tellingWhy<Store>(path, {
    setAside,
    deployment: () => readDeployment(database),
    saveDeployment: (record) => writeDeployment(database, record),
    forgetDeployment: () => deleteDeployments(database),
    lastAct: () => readLastAct(database),
    beginAct: (deploymentId, act) => insertAct(database, deploymentId, act),
    saveStep: (actId, ordinal, step) => writeStep(database, actId, ordinal, step),
    endAct: (actId, state, endedAtMs) => endAct(database, actId, state, endedAtMs),
    addEvent: (event) => insertEvent(database, event),
    recentEvents: (limit) => readEvents(database, limit),
    close: () => {
      if (database.isOpen) database.close()
    },
  })
}
