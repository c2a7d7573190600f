import type { JsonSchema } from '../json-schema.ts'

type Judge = (value: unknown, schema: JsonSchema) => boolean

const typeOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

const isOfType: Judge = (value, { type }) => {
  const types = [type].flat()
  const actual = typeOf(value)
  return types.includes(actual) || (actual === 'integer' && types.includes('number'))
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeOf(value) === 'object'

/** Each keyword of JSON Schema that ours uses (draft 2020-12, validation). What a keyword is not about, it accepts. */
const JUDGES: Readonly<Record<string, Judge>> = {
  type: isOfType,
  enum: (value, schema) => (schema.enum ?? []).includes(value),
  anyOf: (value, { anyOf = [] }) => anyOf.some((each) => conforms(value, each)),
  pattern: (value, { pattern = '' }) => typeof value !== 'string' || new RegExp(pattern, 'u').test(value),
  maxLength: (value, { maxLength = 0 }) => typeof value !== 'string' || [...value].length <= maxLength,
  minimum: (value, { minimum = 0 }) => typeof value !== 'number' || value >= minimum,
  maximum: (value, { maximum = 0 }) => typeof value !== 'number' || value <= maximum,
  items: (value, { items = {} }) => !Array.isArray(value) || value.every((each) => conforms(each, items)),
  minItems: (value, { minItems = 0 }) => !Array.isArray(value) || value.length >= minItems,
  maxItems: (value, { maxItems = 0 }) => !Array.isArray(value) || value.length <= maxItems,
  uniqueItems: (value) => !Array.isArray(value) || new Set(value).size === value.length,
  properties: (value, { properties = {} }) =>
    !isRecord(value) ||
    Object.entries(value).every(([name, each]) => {
      const schema = Object.hasOwn(properties, name) ? properties[name] : undefined
      return schema === undefined || conforms(each, schema)
    }),
  additionalProperties: (value, { properties = {} }) =>
    !isRecord(value) || Object.keys(value).every((name) => Object.hasOwn(properties, name)),
}

const ANNOTATIONS: ReadonlySet<string> = new Set(['$schema', '$id', 'title', 'description', 'default'])

/** Whether a value is valid by our JSON Schema. A keyword it does not know is an error: it would judge nothing. */
export const conforms = (value: unknown, schema: JsonSchema): boolean =>
  Object.keys(schema).every((keyword) => {
    if (ANNOTATIONS.has(keyword)) return true
    const judge = JUDGES[keyword]
    if (judge === undefined) throw new Error(`unknown keyword of JSON Schema: ${keyword}`)
    return judge(value, schema)
  })
