import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { atomically } from './atomically.ts'

/** A machine that a deployment has, or has had. */
export type MachineRecord = {
  readonly instanceId: string
  readonly instanceType: string
  readonly market: 'on-demand' | 'spot'
  readonly region: string
  /** As far as they were seen, the oldest first. */
  readonly spotPrices: readonly { readonly fromMs: number; readonly usdPerHour: number }[]
  readonly launchedAtMs: number
  readonly lastSeenAtMs: number
  /** When it was found to be gone; `null` while nobody knows that it is. */
  readonly endedAtMs: number | null
}

/** Everything a deployment has had that costs money, and who was told. */
export type SpendingRecord = {
  readonly deploymentId: string
  readonly machines: readonly MachineRecord[]
  /** On the wire, by calendar month (UTC). */
  readonly traffic: readonly { readonly month: string; readonly bytesIn: number; readonly bytesOut: number }[]
  /** The interfaces' counters as last read: what they grow by from there on is new. */
  readonly counters: readonly { readonly name: string; readonly bytesIn: number; readonly bytesOut: number }[]
  /** Highest share of the budget that somebody was told of; 0 for none. */
  readonly alertedPercent: number
}

const json = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(schema)

const bytes = { bytesIn: z.number().min(0), bytesOut: z.number().min(0) }

const SpendingRow = z.object({
  traffic: json(z.array(z.strictObject({ month: z.string(), ...bytes }))),
  counters: json(z.array(z.strictObject({ name: z.string(), ...bytes }))),
  alerted_percent: z.number(),
})

const MachineRow = z.object({
  instance_id: z.string(),
  instance_type: z.string(),
  market: z.enum(['on-demand', 'spot']),
  region: z.string(),
  spot_prices: json(z.array(z.strictObject({ fromMs: z.number(), usdPerHour: z.number() }))),
  launched_at_ms: z.number(),
  last_seen_at_ms: z.number(),
  ended_at_ms: z.number().nullable(),
})

const readMachines = (database: DatabaseSync, deploymentId: string): MachineRecord[] =>
  database
    .prepare('SELECT * FROM machines WHERE deployment_id = ? ORDER BY launched_at_ms, instance_id')
    .all(deploymentId)
    .map((each) => {
      const row = MachineRow.parse(each)
      return {
        instanceId: row.instance_id,
        instanceType: row.instance_type,
        market: row.market,
        region: row.region,
        spotPrices: row.spot_prices,
        launchedAtMs: row.launched_at_ms,
        lastSeenAtMs: row.last_seen_at_ms,
        endedAtMs: row.ended_at_ms,
      }
    })

/** What was noted of a deployment; `null` for nothing. */
export const readSpending = (database: DatabaseSync, deploymentId: string): SpendingRecord | null => {
  const row = database.prepare('SELECT * FROM spending WHERE deployment_id = ?').get(deploymentId)
  if (row === undefined) return null
  const { traffic, counters, alerted_percent } = SpendingRow.parse(row)
  const machines = readMachines(database, deploymentId)
  return { deploymentId, machines, traffic, counters, alertedPercent: alerted_percent }
}

const writeMachine = (database: DatabaseSync, deploymentId: string, machine: MachineRecord): void => {
  database
    .prepare(
      'INSERT INTO machines (deployment_id, instance_id, instance_type, market, region, spot_prices, launched_at_ms, last_seen_at_ms, ended_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    )
    .run(
      deploymentId,
      machine.instanceId,
      machine.instanceType,
      machine.market,
      machine.region,
      JSON.stringify(machine.spotPrices),
      machine.launchedAtMs,
      machine.lastSeenAtMs,
      machine.endedAtMs,
    )
}

/** Puts `record` in the place of what was noted of its deployment. */
export const writeSpending = (database: DatabaseSync, record: SpendingRecord): void =>
  atomically(database, () => {
    const { deploymentId, machines, traffic, counters, alertedPercent } = record
    deleteSpending(database, deploymentId)
    database
      .prepare('INSERT INTO spending (deployment_id, traffic, counters, alerted_percent) VALUES (?, ?, ?, ?)')
      .run(deploymentId, JSON.stringify(traffic), JSON.stringify(counters), alertedPercent)
    for (const machine of machines) writeMachine(database, deploymentId, machine)
  })

export const deleteSpending = (database: DatabaseSync, deploymentId: string): void => {
  database.prepare('DELETE FROM spending WHERE deployment_id = ?').run(deploymentId)
}
