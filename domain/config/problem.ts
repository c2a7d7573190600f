import { z } from 'zod'

/** Something wrong with a configuration, and where. Lines and columns count from 1; columns in UTF-16 code units. */
export const ConfigProblem = z.strictObject({
  /** File, `MOLE_…` variable or option that says it. */
  source: z.string(),
  /** `null` where the source has no lines. */
  place: z.strictObject({ line: z.int(), column: z.int(), endLine: z.int(), endColumn: z.int() }).nullable(),
  /** Dotted path of the key, or `document` when it concerns the whole. */
  key: z.string(),
  /** Without a full stop: `must be at most 8`. */
  message: z.string(),
  nextStep: z.string().nullable(),
})
export type ConfigProblem = z.infer<typeof ConfigProblem>
export type Place = NonNullable<ConfigProblem['place']>

/** `profile.yaml:3:10`, or the source alone. */
export const renderPlace = (source: string, place: Place | null): string =>
  place === null ? source : `${source}:${place.line}:${place.column}`

/** One line for people: `profile.yaml:3:10: tunnel.mtu: must be at least 1280`. */
export const renderProblem = ({ source, place, key, message }: ConfigProblem): string =>
  `${renderPlace(source, place)}: ${key}: ${message}`
