import { z } from 'zod'

/** Where a number of a probe comes from. None is shown without. */
export const Source = z.strictObject({
  /** `measured` here and now; `published` by somebody; `estimated` from others that are named in `how`. */
  kind: z.enum(['measured', 'published', 'estimated']),
  /** In words, with counts and units: "10 UDP echoes", "/sys/class/net/eth0/speed". */
  how: z.string().min(1),
  /** Program that found it, and its version; `null` where it has none. */
  tool: z.string().min(1),
  version: z.string().nullable(),
  /** When it was measured or estimated; of what is published, the day it bears. */
  atMs: z.number(),
})
export type Source = z.infer<typeof Source>

/** A value that says where it comes from. */
export const figure = <Value extends z.ZodType>(value: Value) => z.strictObject({ value, from: Source })
export type Figure<Value> = { readonly value: Value; readonly from: Source }

/** A fact that was looked for: its value, or why there is none (`value` is `null` then, and `lacks` says it). */
export const fact = <Value extends z.ZodType>(value: Value) =>
  z.strictObject({ value: value.nullable(), from: Source, lacks: z.string().nullable() })
export type Fact<Value> = { readonly value: Value | null; readonly from: Source; readonly lacks: string | null }
