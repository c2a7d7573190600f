import { chmodSync } from 'node:fs'
import type { Act, ActivityEvent, Step } from '../../contract/app.ts'
import type { ProbeReport, ProbeSummary } from '../../domain/probe/report.ts'
import { type ActRecord, endAct, insertAct, readLastAct, replaceSteps, writeStep } from './act-table.ts'
import { type AttemptRecord, deleteAttempts, readAttempt, writeAttempt } from './attempt-table.ts'
import { type AutoscaleRecord, deleteAutoscale, readAutoscale, writeAutoscale } from './autoscale-table.ts'
import { type DeploymentRecord, deleteDeployments, readDeployment, writeDeployment } from './deployment-table.ts'
import { insertEvent, readEvents } from './event-table.ts'
import { openDatabase } from './open-database.ts'
import {
  deleteProbe,
  deleteProbeSite,
  type ProbeSiteRecord,
  readProbe,
  readProbeSites,
  readProbes,
  writeProbe,
  writeProbeSite,
} from './probe-table.ts'
import { readProfileUse, renameProfileUse, writeProfileUse } from './profile-use-table.ts'
import { deleteSpending, readSpending, type SpendingRecord, writeSpending } from './spending-table.ts'
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
  /** All steps of an act, in the place of those it had. */
  saveSteps(actId: number, steps: readonly Step[]): void
  endAct(actId: number, state: Act['state'], endedAtMs: number): void
  /** Notes that a profile was connected. */
  noteProfileUse(name: string, connectedAtMs: number): void
  /** When it last was, in milliseconds since the epoch. */
  lastProfileUse(name: string): number | null
  renameProfileUse(name: string, to: string): void
  /** What a deployment has had that costs money; `null` when nothing was noted. */
  spending(deploymentId: string): SpendingRecord | null
  saveSpending(record: SpendingRecord): void
  forgetSpending(deploymentId: string): void
  /** What scaling by itself knows of a deployment; `null` when nothing was noted. */
  autoscale(deploymentId: string): AutoscaleRecord | null
  saveAutoscale(record: AutoscaleRecord): void
  forgetAutoscale(deploymentId: string): void
  /** What optimising is trying of a deployment; `null` when nothing. */
  attempt(deploymentId: string): AttemptRecord | null
  saveAttempt(record: AttemptRecord): void
  forgetAttempts(): void
  /** Keeps a probe as it stands, and its line of the history; of many the newest 100. */
  saveProbe(report: ProbeReport, summary: ProbeSummary): void
  /** The history, newest first. */
  probes(): ProbeSummary[]
  probe(id: string): ProbeReport | null
  forgetProbe(id: string): void
  /** What is being made to be measured towards, noted before it is made, until it is gone. */
  probeSites(): ProbeSiteRecord[]
  noteProbeSite(record: ProbeSiteRecord): void
  forgetProbeSite(probeId: string): void
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
    saveSteps: (actId, steps) => replaceSteps(database, actId, steps),
    endAct: (actId, state, endedAtMs) => endAct(database, actId, state, endedAtMs),
    noteProfileUse: (name, connectedAtMs) => writeProfileUse(database, name, connectedAtMs),
    lastProfileUse: (name) => readProfileUse(database, name),
    renameProfileUse: (name, to) => renameProfileUse(database, name, to),
    spending: (deploymentId) => readSpending(database, deploymentId),
    saveSpending: (record) => writeSpending(database, record),
    forgetSpending: (deploymentId) => deleteSpending(database, deploymentId),
    autoscale: (deploymentId) => readAutoscale(database, deploymentId),
    saveAutoscale: (record) => writeAutoscale(database, record),
    forgetAutoscale: (deploymentId) => deleteAutoscale(database, deploymentId),
    attempt: (deploymentId) => readAttempt(database, deploymentId),
    saveAttempt: (record) => writeAttempt(database, record),
    forgetAttempts: () => deleteAttempts(database),
    saveProbe: (report, summary) => writeProbe(database, report, summary),
    probes: () => readProbes(database),
    probe: (id) => readProbe(database, id),
    forgetProbe: (id) => deleteProbe(database, id),
    probeSites: () => readProbeSites(database),
    noteProbeSite: (record) => writeProbeSite(database, record),
    forgetProbeSite: (probeId) => deleteProbeSite(database, probeId),
    addEvent: (event) => insertEvent(database, event),
    recentEvents: (limit) => readEvents(database, limit),
    close: () => {
      if (database.isOpen) database.close()
    },
  })
}
