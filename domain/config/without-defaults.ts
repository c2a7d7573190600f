import { CONFIG_KEYS, valueAt, valuesOf } from './keys.ts'
import { mergeValues } from './merge.ts'
import type { ConfigValues } from './schema.ts'

/** Both written values mean the same: `80%` and `0.8`, `200M` and 200000000. */
const isSame = (schema: (typeof CONFIG_KEYS)[number]['schema'], a: unknown, b: unknown): boolean =>
  JSON.stringify(schema.safeParse(a).data) === JSON.stringify(schema.safeParse(b).data)

/** The values that differ from the built-in defaults: what a document has to say to mean the same. Pure. */
export const withoutDefaults = (values: ConfigValues): ConfigValues =>
  CONFIG_KEYS.filter(({ path, schema, fallback }) => {
    const value = valueAt(values, path)
    return value !== undefined && !isSame(schema, value, fallback)
  })
    .map(({ path }) => valuesOf(path, valueAt(values, path)))
    .reduce<ConfigValues>(mergeValues, {})
