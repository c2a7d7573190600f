import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { CONFIG_KEYS, valuesOf } from './keys.ts'
import { mergeValues } from './merge.ts'
import { parseConfigDocument } from './parse-document.ts'
import { ByteCount, Duration, Rate, Share } from './quantities.ts'
import { renderDocument } from './render-document.ts'
import { Config } from './schema.ts'
import { configValues, writtenDocument } from './testing/arbitraries.ts'
import { readShippedDocument } from './testing/read-fixture.ts'

const parse = (text: string | Uint8Array) => parseConfigDocument(text, 'test.yaml')

describe('a rendered document', () => {
  it('says what it was rendered from, whatever that is', () => {
    fc.assert(
      fc.property(writtenDocument, (written) => {
        const { document, problems } = parse(renderDocument(written))
        expect(problems).toEqual([])
        expect({ ...written }).toEqual({
          extends: document?.extends,
          description: document?.description,
          values: document?.values,
        })
      }),
      { numRuns: 400 },
    )
  })

  it('says the same as bytes and with the line ends and the mark of another system', () => {
    fc.assert(
      fc.property(
        writtenDocument,
        fc.constantFrom('\r\n', '\r', '\n'),
        fc.constantFrom('\uFEFF', ''),
        (written, end, mark) => {
          const text = mark + renderDocument(written).replaceAll('\n', end)
          expect(parse(new TextEncoder().encode(text)).document).toEqual(parse(renderDocument(written)).document)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('keeps every typed value, through the way it is written', () => {
    fc.assert(
      fc.property(configValues, (values) => {
        const typed = Config.parse(values)
        const { document, problems } = parse(renderDocument({ values: z.encode(Config, typed) }))
        expect(problems).toEqual([])
        expect(Config.parse(document?.values)).toEqual(typed)
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    ['a duration', Duration({ min: 0, max: Number.MAX_SAFE_INTEGER }), fc.maxSafeNat()],
    ['a number of bytes', ByteCount({ min: 0, max: Number.MAX_SAFE_INTEGER }), fc.maxSafeNat()],
    ['a rate', Rate({ min: 0, max: Number.MAX_SAFE_INTEGER }), fc.maxSafeNat()],
    ['a share', Share, fc.double({ min: 0, max: 1, noNaN: true })],
  ])('%s typed, written and typed again is the same', (_, codec, typed) => {
    fc.assert(
      fc.property(typed, (value) => {
        expect(z.decode(codec, z.encode(codec, value))).toBe(value)
      }),
      { numRuns: 1000 },
    )
  })

  it('follows the schema, whatever the order it was said in', () => {
    const text = renderDocument({ values: { lab: { path_rate: '1G' }, tunnel: { mtu: 1400, min_tunnels: 2 } } })
    expect(text).toBe('tunnel:\n  min_tunnels: 2\n  mtu: 1400\n\nlab:\n  path_rate: "1G"\n')
  })

  it('has every key when every key is said', () => {
    const values = CONFIG_KEYS.map(({ path, fallback }) => valuesOf(path, fallback)).reduce(mergeValues, {})
    const { document } = parse(renderDocument({ values }))
    expect(document?.values).toEqual(values)
    expect([...(document?.places.keys() ?? [])]).toEqual(expect.arrayContaining(CONFIG_KEYS.map(({ path }) => path)))
  })

  it('is never an empty file', () => {
    const text = renderDocument({ values: {} })
    expect(text).not.toBe('')
    expect(parse(text)).toMatchObject({ document: { values: {} }, problems: [] })
  })

  it.each(['default', 'dtn', 'research'])('says what the shipped %s.yaml says', (name) => {
    const { document } = parse(readShippedDocument(name))
    if (document === null) throw new Error('it does not parse')
    const again = parse(renderDocument(document)).document
    expect(again).toMatchObject({
      extends: document.extends,
      description: document.description,
      values: document.values,
    })
  })
})
