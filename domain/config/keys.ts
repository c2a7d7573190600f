import { z } from 'zod'
import { ABOUT, type About, Config, type ConfigValues } from './schema.ts'

/** One key of the configuration, by its dotted path. */
export type ConfigKey = About & {
  /** `tunnel.max_tunnels`. */
  readonly path: string
  /** Environment variable that sets it: `MOLE_TUNNEL_MAX_TUNNELS`. */
  readonly environment: string
  /** As it would be written. */
  readonly fallback: unknown
  /** For the written value. */
  readonly schema: z.ZodType
}

export type ConfigSection = { readonly path: string; readonly description: string }

const environmentName = (path: string): string => `MOLE_${path.replaceAll('.', '_').toUpperCase()}`

type Visit = { section(path: string, about: About): void; key(key: ConfigKey): void }

const walk = (schema: z.ZodType, prefix: string, visit: Visit): void => {
  const object = schema instanceof z.ZodPrefault ? schema.unwrap() : schema
  if (!(object instanceof z.ZodObject)) return
  for (const [name, child] of Object.entries(object.shape as Record<string, z.ZodPrefault>)) {
    const path = prefix === '' ? name : `${prefix}.${name}`
    const about = ABOUT.get(child) ?? { description: '', effect: null }
    const inner = child.unwrap() as z.ZodType
    if (inner instanceof z.ZodObject) {
      visit.section(path, about)
      walk(inner, path, visit)
    } else
      visit.key({ ...about, path, environment: environmentName(path), fallback: child.def.defaultValue, schema: inner })
  }
}

const keys: ConfigKey[] = []
const sections: ConfigSection[] = []
walk(Config, '', {
  section: (path, { description }) => void sections.push({ path, description }),
  key: (each) => void keys.push(each),
})

/** Every key, in the order of the schema. */
export const CONFIG_KEYS: readonly ConfigKey[] = keys

/** Every section, sections within sections too (`optimization.buffer_sizes`). */
export const CONFIG_SECTIONS: readonly ConfigSection[] = sections

/** The key at a dotted path, `null` when there is none. */
export const findKey = (path: string): ConfigKey | null => keys.find((each) => each.path === path) ?? null

/** What `values` say at a dotted path, `undefined` when they say nothing. Works on written and on typed values. */
export const valueAt = (values: object, path: string): unknown => {
  let here: unknown = values
  for (const name of path.split('.')) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) return undefined
    here = (here as Record<string, unknown>)[name]
  }
  return here
}

/** Values that say one thing at one dotted path. */
export const valuesOf = (path: string, value: unknown): ConfigValues =>
  path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as ConfigValues
