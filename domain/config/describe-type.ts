import type { z } from 'zod'
import { type JsonSchema, valueSchema } from './json-schema.ts'

const oneOf = new Intl.ListFormat('en-GB', { type: 'disjunction' })

const typeOfNode = ({ title, type, enum: choices, anyOf, minimum, maximum, items }: JsonSchema): string => {
  if (title !== undefined) return title
  if (choices !== undefined) return oneOf.format(choices.map((choice) => JSON.stringify(choice)))
  if (anyOf !== undefined) return anyOf.map(typeOfNode).join(', or ')
  if (items !== undefined) return `list: ${typeOfNode(items)}`
  if (type === 'integer') return `whole number, ${minimum} to ${maximum}`
  return type === 'boolean' ? 'true or false' : String(type)
}

/** What a key's value may be, in words: `whole number, 1 to 64`. `schema` is for the written value. */
export const describeType = (schema: z.ZodType): string => typeOfNode(valueSchema(schema))
