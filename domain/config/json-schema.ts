import { z } from 'zod'
import { ABOUT, Config } from './schema.ts'
import { SHIPPED_NAMES } from './shipped-names.ts'

/** A schema as JSON: every keyword that `configJsonSchema` writes. */
export type JsonSchema = {
  readonly $schema?: string
  readonly $id?: string
  readonly title?: string
  readonly description?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly pattern?: string
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: boolean
  readonly default?: unknown
}

/** Said of every key that is accepted but without effect in this version. */
const NOT_IN_FORCE = ' (not yet in force)'

type Override = { readonly zodSchema: z.core.$ZodTypes; readonly jsonSchema: z.core.JSONSchema.BaseSchema }

/** What zod cannot know of itself: nothing listed twice, sections that may be empty, and what is not yet in force. */
const refine = ({ zodSchema, jsonSchema }: Override): void => {
  const { def } = zodSchema._zod
  if (def.type === 'array') jsonSchema.uniqueItems = true
  // A section whose every line is commented out is null in YAML.
  if (def.type === 'object') Object.assign(jsonSchema, { type: ['object', 'null'] })
  if (def.type !== 'prefault') return
  const about = ABOUT.get(zodSchema as unknown as z.ZodType)
  if (def.innerType._zod.def.type === 'object') delete jsonSchema.default
  else if (about?.effect === null) jsonSchema.description = `${about.description}${NOT_IN_FORCE}`
}

const zodOptions = { io: 'input', reused: 'inline', override: refine } as const

/** One value as it is written, for editors. */
export const valueSchema = (schema: z.ZodType): JsonSchema => {
  const { $schema: _dialect, ...value } = z.toJSONSchema(schema, zodOptions) as JsonSchema
  return value
}

const HEAD: Readonly<Record<string, JsonSchema>> = {
  extends: {
    title: 'a configuration that comes with Cloud Mole, or the path of a YAML file',
    description:
      'What this document stands on: its keys hold where this one is silent. A path has "/" or ends in .yaml.',
    anyOf: [{ enum: SHIPPED_NAMES }, { type: 'string', pattern: '/|\\.ya?ml$' }],
  },
  description: {
    description: 'What this configuration is for, in a sentence; shown where profiles are listed.',
    type: 'string',
  },
}

/**
 * The JSON Schema of a configuration document (draft 2020-12), for editors: `# yaml-language-server: $schema=…`. It is
 * never stricter than the parser. Rules over several keys, and how large a quantity with a unit may be, are beyond it.
 */
export const configJsonSchema = (): JsonSchema => {
  const { properties, additionalProperties } = valueSchema(Config)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:cloud-mole:configuration',
    title: 'Cloud Mole configuration',
    description: 'A profile, the user’s configuration, or a document that others extend.',
    type: ['object', 'null'],
    properties: { ...HEAD, ...properties },
    additionalProperties: additionalProperties ?? false,
  }
}
