import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { MoleError } from '../../contract/errors.ts'
import { type BastionEndpoint, DeploymentPlan } from '../../domain/tunnel-plan.ts'

/** What is remembered of one bastion. */
export type BastionRecord = {
  /** 1-based. */
  readonly index: number
  /** How many times it was launched. Written before the cloud is asked, so that asking again means the same launch. */
  readonly launch: number
  /** The machine that launch gave; `null` while nobody has seen it. */
  readonly machineId: string | null
  /** Hash of the DTN's public keys it was launched with; `null` where that is not known. It trusts no others. */
  readonly hostKeys: string | null
  /** Its ends as first published: pinned, because a changed key means a changed machine. */
  readonly ends: readonly BastionEndpoint[] | null
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
}

const Ends = z.array(
  z.strictObject({
    slot: z.int(),
    lane: z.literal([0, 1]).default(0),
    publicKey: z.string(),
    address: z.string(),
    port: z.int(),
  }),
)
const Bastions = z.array(
  z.strictObject({
    index: z.int(),
    launch: z.int(),
    machineId: z.string().nullable(),
    hostKeys: z.string().nullable().default(null),
    ends: Ends.nullable(),
  }),
)

/** All ends that are known, of every bastion. */
export const endsOf = ({ bastions }: Pick<DeploymentRecord, 'bastions'>): BastionEndpoint[] =>
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
      'INSERT OR REPLACE INTO deployments (id, plan, profile, desired, bastions, created_at_ms, connected_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(
      record.id,
      JSON.stringify(record.plan),
      record.profile,
      record.desired,
      JSON.stringify(record.bastions),
      record.createdAtMs,
      record.connectedAtMs,
    )
}

/** Only once it is proven that nothing is left: also rows that cannot be read go. */
export const deleteDeployments = (database: DatabaseSync): void => {
  database.exec('DELETE FROM deployments')
}
