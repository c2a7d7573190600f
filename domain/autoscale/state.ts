import { z } from 'zod'

const Level = z.strictObject({ bitsPerSecond: z.number(), atMs: z.number() })

/** What is remembered between looks, also over a restart of the engine. */
export const Memory = z.strictObject({
  /** Tunnels when last looked at, or as last decided; `null` before the first look. */
  tunnels: z.int().nullable(),
  /** When the number changed last, by whomever. */
  changedAtMs: z.number().nullable(),
  /** What one tunnel was measured to carry while it was the limit; `null` before one ever was. */
  full: Level.nullable(),
  /** The most that one tunnel was seen to carry, the limit or not. */
  most: Level.nullable(),
  /** A step up of which it is not yet known what it gave. */
  trial: z
    .strictObject({
      from: z.int(),
      to: z.int(),
      atMs: z.number(),
      /** When the tunnels were there. */
      sinceMs: z.number(),
      beforeBitsPerSecond: z.number(),
      /** More was wanted than could be carried: a step that helps must show. */
      isPressed: z.boolean(),
    })
    .nullable(),
  /** A step that gave nothing: it is not tried again while things are as they were then. */
  block: z
    .strictObject({
      bitsPerSecond: z.number(),
      flows: z.int(),
      carriage: z.string(),
      untilMs: z.number(),
    })
    .nullable(),
  /** Steps in a row that gave nothing. */
  failures: z.int().min(0),
})
export type Memory = z.infer<typeof Memory>

/** Payload of all tunnels in one second. */
type Second = { readonly atMs: number; readonly upBitsPerSecond: number; readonly downBitsPerSecond: number }

/** One tunnel's last seconds, and what its echo is like when nothing presses. */
export type TunnelRecent = {
  readonly rates: readonly number[]
  readonly rtts: readonly number[]
  readonly losses: readonly number[]
  readonly calmRttMs: number | null
  readonly calmLossRatio: number | null
}

/** What is known of the last seconds and minutes; a restart of the engine begins it anew. */
export type Recent = {
  readonly seconds: readonly Second[]
  readonly tunnels: ReadonlyMap<number, TunnelRecent>
  readonly nextLookAtMs: number | null
  /** Since when utilisation has been low, and the most that was carried in one look since. */
  readonly low: { readonly sinceMs: number; readonly peakBitsPerSecond: number } | null
  /** Elephants that a look was taken for. */
  readonly elephants: readonly string[]
}

export type AutoscaleState = { readonly memory: Memory; readonly recent: Recent }

/** What gave nothing is tried again after so long at the latest. */
export const LONGEST_PAUSE_MS = 24 * 60 * 60_000

const NO_MEMORY: Memory = {
  tunnels: null,
  changedAtMs: null,
  full: null,
  most: null,
  trial: null,
  block: null,
  failures: 0,
}

const NOTHING_RECENT: Recent = { seconds: [], tunnels: new Map(), nextLookAtMs: null, low: null, elephants: [] }

const notLater = (level: Memory['full'], atMs: number): Memory['full'] =>
  level && { ...level, atMs: Math.min(level.atMs, atMs) }

/** What was in the future says that the clock was set back meanwhile. */
const notAfter = (memory: Memory, atMs: number): Memory => ({
  ...memory,
  full: notLater(memory.full, atMs),
  most: notLater(memory.most, atMs),
  block: memory.block && { ...memory.block, untilMs: Math.min(memory.block.untilMs, atMs + LONGEST_PAUSE_MS) },
  changedAtMs: memory.changedAtMs === null ? null : Math.min(memory.changedAtMs, atMs),
  trial: memory.trial && { ...memory.trial, sinceMs: Math.min(memory.trial.sinceMs, atMs) },
})

/** The state to begin with at `atMs`; `memory` is what an engine before this one kept. Pure. */
export const beginAutoscale = (memory: Memory | null, atMs: number): AutoscaleState => ({
  memory: memory === null ? NO_MEMORY : notAfter(memory, atMs),
  recent: NOTHING_RECENT,
})
