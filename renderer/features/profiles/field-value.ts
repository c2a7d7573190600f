import { type JsonSchema, valueSchema } from '../../../domain/config/json-schema.ts'
import type { ConfigKey } from '../../../domain/config/keys.ts'
import { plainDecimal } from '../../../domain/config/plain-decimal.ts'

/** How a key is filled in. */
export type FieldKind =
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'text' | 'number'; readonly isList: boolean }

const withoutNull = ({ anyOf, ...rest }: JsonSchema): JsonSchema => {
  const [only, ...more] = anyOf?.filter(({ type }) => type !== 'null') ?? []
  return only !== undefined && more.length === 0 ? only : { ...rest, ...(anyOf === undefined ? {} : { anyOf }) }
}

const isNumeric = ({ type }: JsonSchema): boolean => type === 'integer' || type === 'number'

/** What kind of field a key of the configuration takes. */
export const fieldKindOf = ({ schema }: ConfigKey): FieldKind => {
  const value = withoutNull(valueSchema(schema))
  if (value.type === 'boolean') return { kind: 'choice', choices: ['true', 'false'] }
  if (value.enum !== undefined) return { kind: 'choice', choices: value.enum.map(String) }
  const item = value.items
  return { kind: isNumeric(item ?? value) ? 'number' : 'text', isList: item !== undefined }
}

const isPlainNumber = (text: string): boolean => /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(text)

/** A bare number stays a number where the key takes one, also one with a unit beside (`104857600` or `100MB`). */
const scalarOf = (key: ConfigKey, text: string): unknown => {
  if (text === 'null' && key.schema.safeParse(null).success) return null
  if (!isPlainNumber(text)) return text
  const { kind } = fieldKindOf(key)
  return kind === 'number' || key.schema.safeParse(Number(text)).success ? Number(text) : text
}

/** What somebody typed as a value to be written; `undefined` when the field is empty: then what is inherited holds. */
export const valueOfField = (key: ConfigKey, typed: string): unknown => {
  const text = typed.trim()
  if (text === '') return undefined
  const kind = fieldKindOf(key)
  if (kind.kind === 'choice') return text === 'true' || text === 'false' ? text === 'true' : text
  if (!kind.isList || (text === 'null' && key.schema.safeParse(null).success)) return scalarOf(key, text)
  const items = text
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
  return items.map((item) => (kind.kind === 'number' && isPlainNumber(item) ? Number(item) : item))
}

/** A value as it stands in a field. */
export const fieldOfValue = (value: unknown): string => {
  if (value === undefined) return ''
  if (Array.isArray(value)) return value.map(fieldOfValue).join(', ')
  if (typeof value === 'number') return plainDecimal(value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}
