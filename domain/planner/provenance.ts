import { z } from 'zod'

/** Where a number comes from. Nothing in a plan is a number alone. */
export const Provenance = z.strictObject({
  kind: z.enum(['published', 'assumed', 'measured']),
  /** The day the source speaks of (ISO 8601); `null` where it bears no date. */
  date: z.iso.date().nullable(),
  url: z.url().nullable(),
  note: z.string().min(1),
})
export type Provenance = z.infer<typeof Provenance>

export type Sourced<Value> = { readonly value: Value; readonly from: Provenance }

export const assumed = <Value>(value: Value, note: string): Sourced<Value> => ({
  value,
  from: { kind: 'assumed', date: null, url: null, note },
})

/** What a person said: taken at their word. */
export const given = <Value>(value: Value, where: string): Sourced<Value> => ({
  value,
  from: { kind: 'assumed', date: null, url: null, note: `as given: ${where}` },
})
