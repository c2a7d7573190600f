// biome-ignore-all lint/suspicious/noTemplateCurlyInString: marks that look like ours are what is tested
import { parse } from '@cdktf/hcl2json'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Entry, expression, type Hcl, renderHcl } from './hcl.ts'

/** Pieces that a careless writer breaks at. */
const TRAPS = [
  '${name#mole}',
  '$${x}',
  '$$${x}',
  '%{ if true }',
  '%%{x}',
  '$',
  '%',
  '{',
  '}',
  '"',
  '\\',
  '\\n',
  '\n',
  '\r',
  '\t',
  '\0',
  '\u0085',
  '\u2028',
  'SCRIPT',
  'SCRIPT\n',
  ' SCRIPT\n',
  '<<SCRIPT\n',
  '#',
  '//',
  'é',
  '😀',
  ' ',
  'a',
]

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...TRAPS), { maxLength: 8 }).map((parts) => parts.join('')),
  // Lines, as a script has them.
  fc.array(fc.constantFrom(...TRAPS), { maxLength: 8 }).map((parts) => `${parts.join('')}\n`),
)

const values = fc.letrec<{ any: Hcl }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    texts,
    fc.boolean(),
    fc.constant(null),
    fc.integer(),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(texts, tie('any'), { maxKeys: 4 }).map((map) => ({ map })),
  ),
})).any

/** What the reader gives back: JSON of Terraform's, in which the marks are escaped again. */
const asRead = (value: Hcl): unknown => {
  // Terraform keeps text in normal form C.
  if (typeof value === 'string')
    return value
      .toWellFormed()
      .normalize('NFC')
      .replaceAll(/[$%]\{/g, (mark) => mark[0] + mark)
  if (Array.isArray(value)) return value.map(asRead)
  if (typeof value === 'object' && value !== null && 'map' in value)
    return Object.fromEntries(Object.entries(value.map).map(([key, each]) => [asRead(key), asRead(each)]))
  return value
}

const read = async (entries: readonly Entry[]): Promise<Record<string, unknown>> =>
  (await parse('main.tf', renderHcl(entries))) as Record<string, unknown>

describe('HCL', () => {
  it('means what was meant, whatever the text (property)', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        expect((await read([{ name: 'x', value: text }])).x).toBe(asRead(text))
      }),
      { numRuns: 2000 },
    )
  })

  it('means what was meant, whatever the value (property)', async () => {
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        const entries: Entry[] = [{ block: 'locals', body: [{ name: 'x', value }, 'gap', { name: 'y', value: true }] }]
        expect(await read(entries)).toEqual({ locals: [{ x: asRead(value), y: true }] })
      }),
      { numRuns: 500 },
    )
  })

  it('keeps an expression one, and the text around it text (property)', async () => {
    await fc.assert(
      fc.asyncProperty(texts, texts, async (before, after) => {
        const value: Hcl = { template: [before, expression('var.keys'), after] }
        // The reader gives a text with an expression back as it is written, so it is asked for each side alone.
        const source = renderHcl([{ name: 'x', value }])
        const [left = '', right = '', ...more] = source.split('${var.keys}')
        expect(more).toEqual([])
        const isHeredoc = source.startsWith('x = <<')
        const of = async (text: string) => ((await parse('main.tf', text)) as { x: string }).x
        expect(await of(isHeredoc ? `${left}\nSCRIPT\n` : `${left}"\n`)).toBe(
          `${asRead(before)}${isHeredoc ? '\n' : ''}`,
        )
        expect(await of(isHeredoc ? `x = <<SCRIPT\n${right}` : `x = "${right}`)).toBe(asRead(after))
      }),
      { numRuns: 500 },
    )
  })

  it('leaves a script readable: lines stay lines', () => {
    const script = '#!/bin/sh\necho "${name#mole}" $((1 + 2))\n'
    expect(renderHcl([{ name: 'x', value: script }])).toBe(
      'x = <<SCRIPT\n#!/bin/sh\necho "$${name#mole}" $((1 + 2))\nSCRIPT\n',
    )
  })

  it('writes blocks, labels, comments and nested values', async () => {
    const entries: Entry[] = [
      { comment: 'one\ntwo' },
      { block: 'resource', labels: ['aws_instance', 'b"1'], body: [{ block: 'empty', body: [] }] },
    ]
    expect(renderHcl(entries)).toBe('# one\n# two\nresource "aws_instance" "b\\"1" {\n  empty {}\n}\n')
  })

  it('refuses a number that HCL does not have', () => {
    expect(() => renderHcl([{ name: 'x', value: Number.NaN }])).toThrow(/NaN/)
  })
})
