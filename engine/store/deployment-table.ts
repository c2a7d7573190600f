import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { MoleError } from '../../contract/errors.ts'
import type { Lane } from '../../domain/ours.ts'
import { TuningOption } from '../../domain/tuning.ts'
import { type BastionEndpoint, DeploymentPlan } from '../../domain/tunnel-plan.ts'

/** One end of a tunnel, as it is remembered. */
export type PinnedEnd = BastionEndpoint & {
  /**
   * Of each slot exactly one carries, but for the other lane that a rotation makes: `joining` is up and not tried yet,
   * `leaving` was replaced and is up for what is under way.
   */
  readonly role: 'carrying' | 'joining' | 'leaving'
  /** Since when it has these keys, ms since the epoch; `null` where that is not known. */
  readonly sinceMs: number | null
  /** Made at our request through the tunnels: not what the bastion published when it booted. */
  readonly renewed: boolean
}

/** A lane of a slot. */
export type LaneOf = { readonly slot: number; readonly lane: Lane }

/** What is remembered of one bastion. */
export type BastionRecord = {
  /** 1-based. */
  readonly index: number
  /** How many times it was launched. Written before the cloud is asked, so that asking again means the same launch. */
  readonly launch: number
  /** The machine that launch gave; `null` while nobody has seen it. */
  readonly machineId: string | null
  /** Hash of the DTN's public keys that its carrying ends trust; `null` where that is not known. */
  readonly hostKeys: string | null
  /** Its ends: pinned, because a key that changes by itself means a changed machine. */
  readonly ends: readonly PinnedEnd[] | null
  /** Lanes that are being made or taken away: it may have them and this host a key for them, but no interface. */
  readonly spares: readonly LaneOf[]
}

/** What was asked for, and what must be remembered to get there or back. */
export type DeploymentRecord = {
  readonly id: string
  readonly plan: DeploymentPlan
  /** The profile it was connected by; `null` without one. It may be gone or another by now: the plan is what holds. */
  readonly profile: string | null
  /** `nothing`: a teardown was asked for and is not proven yet. */
  readonly desired: 'up' | 'nothing'
  /** Ascending by index. */
  readonly bastions: readonly BastionRecord[]
  readonly createdAtMs: number
  readonly connectedAtMs: number | null
  /** Options of the plan's tuning that have measured better, and are in force. */
  readonly tuned: readonly TuningOption[]
}

const LaneNumber = z.literal([0, 1])
// What a version before key rotation wrote has one lane of each slot, which carries.
const Ends = z.array(
  z.strictObject({
    slot: z.int(),
    lane: LaneNumber.default(0),
    publicKey: z.string(),
    address: z.string(),
    port: z.int(),
    role: z.enum(['carrying', 'joining', 'leaving']).default('carrying'),
    sinceMs: z.number().nullable().default(null),
    renewed: z.boolean().default(false),
  }),
)
const Bastions = z.array(
  z.strictObject({
    index: z.int(),
    launch: z.int(),
    machineId: z.string().nullable(),
    hostKeys: z.string().nullable().default(null),
    ends: Ends.nullable(),
    spares: z.array(z.strictObject({ slot: z.int(), lane: LaneNumber })).default([]),
  }),
)

/** All ends that are known, of every bastion. */
export const endsOf = ({ bastions }: Pick<DeploymentRecord, 'bastions'>): PinnedEnd[] =>
  bastions.flatMap(({ ends }) => ends ?? [])

const Row = z.object({
  id: z.string(),
  plan: z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(DeploymentPlan),
  profile: z.string().nullable(),
  desired: z.enum(['up', 'nothing']),
  bastions: z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(Bastions),
  created_at_ms: z.number(),
  connected_at_ms: z.number().nullable(),
  tuned: z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(z.array(TuningOption)),
})

const parseRow = (row: unknown): DeploymentRecord => {
  const parsed = Row.safeParse(row)
  if (!parsed.success)
    throw new MoleError('drift', 'The recorded deployment cannot be read.', {
      field: 'deployments',
      meaning: `The database holds something this version did not write: ${parsed.error.issues[0]?.message ?? 'unknown'}.`,
      nextStep: 'Move mole.sqlite away, then run "mole down", which removes whatever is left.',
    })
  const { created_at_ms, connected_at_ms, ...rest } = parsed.data
  return { ...rest, createdAtMs: created_at_ms, connectedAtMs: connected_at_ms }
}

/** The one deployment, or `null`. @throws MoleError `drift` when the row cannot be understood. */
export const readDeployment = (database: DatabaseSync): DeploymentRecord | null => {
  const row = database.prepare('SELECT * FROM deployments ORDER BY created_at_ms DESC LIMIT 1').get()
  return row === undefined ? null : parseRow(row)
}

export const writeDeployment = (database: DatabaseSync, record: DeploymentRecord): void => {
  database
    .prepare(
      'INSERT OR REPLACE INTO deployments (id, plan, profile, desired, bastions, created_at_ms, connected_at_ms, tuned) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    )
    .run(
      record.id,
      JSON.stringify(record.plan),
      record.profile,
      record.desired,
      JSON.stringify(record.bastions),
      record.createdAtMs,
      record.connectedAtMs,
      JSON.stringify(record.tuned),
    )
}

/** Only once it is proven that nothing is left: also rows that cannot be read go. */
export const deleteDeployments = (database: DatabaseSync): void => {
  database.exec('DELETE FROM deployments')
}
