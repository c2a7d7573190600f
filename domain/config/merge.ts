import type { ConfigValues } from './schema.ts'

const isSection = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const mergeSections = (lower: Record<string, unknown>, upper: Record<string, unknown>): Record<string, unknown> => {
  const merged: Record<string, unknown> = { ...lower }
  for (const [name, value] of Object.entries(upper)) {
    if (value === undefined) continue
    const below = merged[name]
    merged[name] = isSection(value) && isSection(below) ? mergeSections(below, value) : value
  }
  return merged
}

/**
 * What two layers say together: sections are merged key by key, everything else (lists too) of `upper` replaces
 * `lower`. Associative, so a chain may be merged from either end.
 */
export const mergeValues = (lower: ConfigValues, upper: ConfigValues): ConfigValues =>
  mergeSections(lower as Record<string, unknown>, upper as Record<string, unknown>) as ConfigValues
