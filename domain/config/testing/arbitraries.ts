import fc from 'fast-check'
import { z } from 'zod'
import { parseNetwork, renderNetwork } from '../../addressing.ts'
import { CONFIG_KEYS, CONFIG_SECTIONS, valuesOf } from '../keys.ts'
import { mergeValues } from '../merge.ts'
import type { WrittenDocument } from '../render-document.ts'
import type { ConfigValues } from '../schema.ts'

/** IPv4 networks as they are written; half of them as large as `tunnel.base_cidr` must be. */
const network = fc
  .tuple(fc.nat(0xffff_ffff), fc.oneof(fc.constant(16), fc.integer({ min: 0, max: 32 })))
  .map(([base, prefix]) => renderNetwork({ base: Math.floor(base / 2 ** (32 - prefix)) * 2 ** (32 - prefix), prefix }))
  .filter((text) => parseNetwork(text) !== null)

const numberIn = (schema: z.ZodNumber): fc.Arbitrary<number> => {
  const [min, max] = [schema.minValue ?? 0, schema.maxValue ?? 0]
  if (schema.isInt) return fc.integer({ min, max })
  return fc.oneof(
    fc.double({ min, max, noNaN: true }),
    fc.integer({ min: 0, max: 100 }).map((per) => per / 100),
  )
}

const AMOUNT_UNITS = ['', 'ms', 's', 'm', 'h', 'd', 'B', 'kB', 'MiB', 'GB', 'k', 'M', 'G', 'Mbit/s', '%']

/** Quantities as people write them: with whatever unit, a point, a space. */
const amount = fc
  .tuple(
    fc.integer({ min: 0, max: 4000 }),
    fc.constantFrom(1, 1, 10),
    fc.constantFrom('', ' '),
    fc.constantFrom(...AMOUNT_UNITS),
  )
  .map(([digits, per, space, unit]) => `${digits / per}${space}${unit}`)

const accepts =
  (schema: z.ZodType) =>
  (value: unknown): boolean =>
    schema.safeParse(value).success

/** Text by its pattern; the only text that has none is a network. */
const textIn = (schema: z.ZodString): fc.Arbitrary<string> => {
  const definitions = (schema.def.checks ?? []).map((check) => check._zod.def)
  const [pattern] = definitions.flatMap((each) =>
    'pattern' in each && each.pattern instanceof RegExp ? [each.pattern] : [],
  )
  return pattern === undefined ? network : fc.stringMatching(pattern)
}

/** Typed values that come out of a codec. */
const typedIn = (schema: z.ZodType): fc.Arbitrary<unknown> => {
  if (schema instanceof z.ZodCodec) return numberIn(schema.def.out as z.ZodNumber)
  throw new Error(`No typed values are known for ${schema.def.type}`)
}

/** Values that a key's schema accepts, as they are written. A kind of schema that is not known here is an error. */
const writtenIn = (schema: z.ZodType): fc.Arbitrary<unknown> => {
  if (schema instanceof z.ZodNullable) return fc.option(writtenIn(schema.unwrap() as z.ZodType), { freq: 3 })
  if (schema instanceof z.ZodBoolean) return fc.boolean()
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options)
  if (schema instanceof z.ZodArray)
    return fc.uniqueArray(writtenIn(schema.element as z.ZodType), { minLength: 1, maxLength: 32 })
  if (schema instanceof z.ZodCodec)
    return fc.oneof(
      typedIn(schema).map((typed) => z.encode(schema, typed)),
      amount.filter(accepts(schema)),
    )
  if (schema instanceof z.ZodString) return textIn(schema)
  if (schema instanceof z.ZodNumber) return numberIn(schema)
  throw new Error(`No values are known for ${schema.def.type}`)
}

/** A key of the configuration and a value for it, as it is written. */
export type KeyValue = { readonly path: string; readonly value: unknown }

const ofKey = CONFIG_KEYS.map(({ path, schema }) =>
  writtenIn(schema)
    .filter(accepts(schema))
    .map((value): KeyValue => ({ path, value })),
)

/** Any key with any value it may have. */
export const keyValue = fc.oneof(...ofKey)

const sectionsAlone = CONFIG_SECTIONS.map(({ path }) => fc.constant({ path, value: {} }))

/** Any set of keys with values they may have, from none to all, and sections with nothing in them. */
export const configValues: fc.Arbitrary<ConfigValues> = fc
  .tuple(...[...ofKey, ...sectionsAlone].map((each) => fc.option(each, { freq: 2 })))
  .map((said) =>
    said
      .filter((each) => each !== null)
      .map(({ path, value }) => valuesOf(path, value))
      .reduce(mergeValues, {}),
  )

/** One line of text, of any characters that are text. */
const sentence = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 100 })
  .map((text) => text.trim())
  .filter((text) => text !== '' && !/[\p{Cc}\u2028\u2029\uFEFF\uFFFE\uFFFF]/u.test(text))

const word = fc.constantFrom(
  'default',
  'dtn',
  './base.yaml',
  'no',
  '010',
  '~',
  'null',
  '1e3',
  '0x1F',
  '# x',
  'a: b',
  '- a',
  '&a',
  '*a',
  '!a',
  '%',
  '@',
  '"',
  "'",
  '{',
  '[1]',
  ' .5',
  '<<',
  'a #b',
  '---',
  '\\',
)

const line = fc.oneof(word, sentence).map((text) => text.trim())

/** Any document that is sound by itself. */
export const writtenDocument: fc.Arbitrary<Required<WrittenDocument>> = fc
  .tuple(fc.option(line), fc.option(line), configValues)
  .map(([parent, description, values]) => ({ extends: parent, description, values }))
