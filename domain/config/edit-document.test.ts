import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { type DocumentChange, editDocument } from './edit-document.ts'
import { valueAt, valuesOf } from './keys.ts'
import { mergeValues } from './merge.ts'
import { parseConfigDocument } from './parse-document.ts'
import { renderDocument, type WrittenDocument } from './render-document.ts'
import type { ConfigValues } from './schema.ts'
import { annotate } from './testing/annotate.ts'
import { configValues, keyValue, writtenDocument } from './testing/arbitraries.ts'
import { readShippedDocument } from './testing/read-fixture.ts'

const parse = (text: string) => parseConfigDocument(text, 'test.yaml')

const isSection = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Without a path, and without the sections that had nothing else. */
const without = (values: object, [name = '', ...rest]: readonly string[]): Record<string, unknown> => {
  const { [name]: held, ...others } = values as Record<string, unknown>
  if (held === undefined) return { ...values }
  if (rest.length === 0) return others
  if (!isSection(held) || valueAt(held, rest.join('.')) === undefined) return { ...values }
  const left = without(held, rest)
  return Object.keys(left).length === 0 ? others : { ...others, [name]: left }
}

const change = (values: ConfigValues, { path, value }: DocumentChange): ConfigValues =>
  value === undefined ? without(values, path.split('.')) : mergeValues(values, valuesOf(path, value))

const setting = keyValue
const removing = keyValue.map(({ path }) => ({ path, value: undefined }))
const changes = fc.array(fc.oneof(setting, removing), { minLength: 1, maxLength: 8 })

/** The ways to write one document that people and programs have. */
const STYLES: Readonly<Record<string, (written: WrittenDocument) => string>> = {
  rendered: renderDocument,
  annotated: (written) => annotate(renderDocument(written)),
  'in lines, lists too': ({ values }) => stringify(values, { lineWidth: 0 }),
  'in lines, indented further': ({ values }) => stringify(values, { indent: 4, indentSeq: false, lineWidth: 0 }),
  'in quotes': ({ values }) => stringify(values, { defaultKeyType: 'QUOTE_DOUBLE', defaultStringType: 'QUOTE_SINGLE' }),
  JSON: ({ values }) => JSON.stringify(values),
  'JSON in lines': ({ values }) => JSON.stringify(values, null, 2),
  'with line ends of another system': (written) => `\uFEFF${renderDocument(written).replaceAll('\n', '\r\n')}`,
}

describe('an edited document', () => {
  it.each(Object.entries(STYLES))(
    'says what was changed and what was not: %s',
    (_, write) => {
      fc.assert(
        fc.property(writtenDocument, changes, (written, edits) => {
          const text = write(written)
          const before = parse(text)
          // Exponents, which other programs write, are refused.
          fc.pre(before.document !== null)
          const after = parse(editDocument(text, edits))
          expect(after.problems).toEqual([])
          expect(after.document?.values).toEqual(edits.reduce(change, before.document?.values ?? {}))
          expect(after.document?.extends).toBe(before.document?.extends)
          expect(after.document?.description).toBe(before.document?.description)
        }),
        { numRuns: 60 },
      )
    },
    60_000,
  )

  it('keeps every comment when keys are set', () => {
    fc.assert(
      fc.property(writtenDocument, fc.array(setting, { minLength: 1, maxLength: 8 }), (written, edits) => {
        const text = annotate(renderDocument(written))
        const commentsOf = (each: string): string[] => each.match(/# (above|behind) [a-z_.]+$/gm) ?? []
        expect(commentsOf(editDocument(text, edits))).toEqual(commentsOf(text))
      }),
      { numRuns: 100 },
    )
  })

  it('keeps every line of what is not removed', () => {
    fc.assert(
      fc.property(writtenDocument, fc.array(removing, { minLength: 1, maxLength: 8 }), (written, edits) => {
        const text = annotate(renderDocument(written))
        const edited = editDocument(text, edits)
        const kept = edits.reduce(change, written.values)
        const lines = text.split('\n').filter((line) => {
          const path = /# (?:above|behind) ([a-z_.]+)$/.exec(line)?.[1]
          return path !== undefined && (!path.includes('.') ? path in kept : valueAt(kept, path) !== undefined)
        })
        expect(edited.split('\n')).toEqual(expect.arrayContaining(lines))
      }),
      { numRuns: 100 },
    )
  })

  it('is the very same text when nothing changes', () => {
    fc.assert(
      fc.property(writtenDocument, (written) => {
        const text = annotate(renderDocument(written))
        const same = [...(parse(text).document?.places.keys() ?? [])]
          .map((path) => ({ path, value: valueAt(written.values, path) }))
          .filter(({ value }) => value !== undefined && !isSection(value))
        expect(editDocument(text, same)).toBe(text)
      }),
      { numRuns: 50 },
    )
  })

  it('is what it was when a change is taken back', () => {
    fc.assert(
      fc.property(configValues, keyValue, (values, { path, value }) => {
        const [section = ''] = path.split('.')
        const others = Object.fromEntries(Object.entries(values).filter(([name]) => name !== section))
        const whole: ConfigValues =
          section === 'lab' ? { mptcp: { enable: true }, ...others } : { lab: { path_rate: '1G' }, ...others }
        const text = annotate(renderDocument({ values: whole }))
        const there = editDocument(text, [{ path, value }])
        expect(editDocument(there, [{ path, value: undefined }]).trimEnd()).toBe(text.trimEnd())
      }),
      { numRuns: 50 },
    )
  })

  it.each<[name: string, text: string, path: string, value: unknown, edited: string]>([
    [
      'a value, its quotes and its comment',
      'mptcp:\n  scheduler: "roundrobin"  # or\n',
      'mptcp.scheduler',
      'redundant',
      'mptcp:\n  scheduler: "redundant"  # or\n',
    ],
    [
      'a value in single quotes',
      "mptcp: {scheduler: 'roundrobin'}",
      'mptcp.scheduler',
      'redundant',
      "mptcp: {scheduler: 'redundant'}",
    ],
    [
      'a list in brackets',
      'probing:\n  mtu_range: [1200, 1500] # b\n',
      'probing.mtu_range',
      [9000],
      'probing:\n  mtu_range: [9000] # b\n',
    ],
    [
      'a list in lines',
      'probing:\n  mtu_range: # a\n  - 1200\n  - 1500 # b\n\nlab:\n',
      'probing.mtu_range',
      [9000, 1],
      'probing:\n  mtu_range: # a\n  - 9000\n  - 1 # b\n\nlab:\n',
    ],
    ['a list by no list', 'aws:\n  region: # a\n  - x\n', 'aws.region', null, 'aws:\n  region: null # a\n'],
    ['a key of an empty section', 'tunnel: # a\nlab:\n', 'tunnel.mtu', 1400, 'tunnel: # a\n  mtu: 1400\nlab:\n'],
    ['a key without a value', 'tunnel:\n  mtu:   # a\n', 'tunnel.mtu', 1400, 'tunnel:\n  mtu: 1400   # a\n'],
    ['a section that was a value', 'tunnel: 8 # a\n', 'tunnel.mtu', 1400, 'tunnel: {mtu: 1400} # a\n'],
    ['a name alone between braces', '{tunnel}', 'tunnel.mtu', 1400, '{tunnel: {mtu: 1400}}'],
    [
      'a description over several lines',
      'description: >\n  a\n  b\n\nlab:\n',
      'description',
      'c',
      'description: c\n\nlab:\n',
    ],
    [
      'a section within a section',
      'lab:\n',
      'optimization.buffer_sizes.rmem_max',
      4096,
      'lab:\noptimization:\n  buffer_sizes:\n    rmem_max: 4096\n',
    ],
    [
      'a key behind the last, before the comments that follow',
      'lab:\n  path_rate: 1G # a\n\n# end\n',
      'tunnel.mtu',
      1400,
      'lab:\n  path_rate: 1G # a\n\ntunnel:\n  mtu: 1400\n\n# end\n',
    ],
    [
      'a text without an end of its last line',
      'tunnel:\n    min_tunnels: 2',
      'tunnel.mtu',
      1400,
      'tunnel:\n    min_tunnels: 2\n    mtu: 1400',
    ],
    ['a text of comments', '# mine', 'tunnel.mtu', 1400, '# mine\ntunnel:\n  mtu: 1400\n'],
    [
      'a text that begins and ends a document',
      '%YAML 1.2\n---\n# mine\n...\n',
      'tunnel.mtu',
      1400,
      '%YAML 1.2\n---\n# mine\ntunnel:\n  mtu: 1400\n...\n',
    ],
    ['nothing', '', 'tunnel.mtu', 1400, 'tunnel:\n  mtu: 1400\n'],
    ['text that must be quoted', 'lab:\n', 'description', 'no', 'lab:\ndescription: "no"\n'],
    ['what is wrong', 'tunnel:\n  mtu: 010\n  mtuu: 3\n', 'tunnel.mtu', 1400, 'tunnel:\n  mtu: 1400\n  mtuu: 3\n'],
    [
      'a wrong key, to remove it',
      'tunnel:\n  mtu: 1400\n  mtuu: 3\n',
      'tunnel.mtuu',
      undefined,
      'tunnel:\n  mtu: 1400\n',
    ],
    [
      'the last key of a section',
      'lab:\n  path_rate: 1G\n\n# mine\ntunnel:\n  mtu: 1400 # a\n\naws:\n',
      'tunnel.mtu',
      undefined,
      'lab:\n  path_rate: 1G\n\n# mine\n\naws:\n',
    ],
    ['the last key of all', 'tunnel:\n  mtu: 1400\n', 'tunnel.mtu', undefined, '# Nothing is set here.\n'],
    [
      'the first key between braces',
      '{tunnel: {mtu: 1400, min_tunnels: 2}}',
      'tunnel.mtu',
      undefined,
      '{tunnel: {min_tunnels: 2}}',
    ],
    [
      'the last key between braces',
      '{tunnel: {min_tunnels: 2, mtu: 1400}}',
      'tunnel.mtu',
      undefined,
      '{tunnel: {min_tunnels: 2}}',
    ],
    ['the only key between braces', '{tunnel: {mtu: 1400}} # a\n', 'tunnel.mtu', undefined, '{} # a\n'],
    ['a key that is not there', 'tunnel:\n  mtu: 1400\n', 'tunnel.min_tunnels', undefined, 'tunnel:\n  mtu: 1400\n'],
    ['a key of a section that is not there', '# mine\n', 'tunnel.min_tunnels', undefined, '# mine\n'],
  ])('%s', (_, text, path, value, edited) => {
    expect(editDocument(text, [{ path, value }])).toBe(edited)
  })

  it('keeps the mark and the line ends of another system', () => {
    expect(editDocument('\uFEFFtunnel:\r\n  mtu: 1400 # a\r\n', [{ path: 'tunnel.min_tunnels', value: 2 }])).toBe(
      '\uFEFFtunnel:\r\n  mtu: 1400 # a\r\n  min_tunnels: 2\r\n',
    )
  })

  it('changes one line of a shipped document for one key', () => {
    const text = readShippedDocument('default')
    expect(editDocument(text, [{ path: 'tunnel.mtu', value: 1380 }])).toBe(text.replace('mtu: 1420', 'mtu: 1380'))
  })

  it.each([
    ['- 1', 'sections of "key: value" lines'],
    ['tunnel: [', 'sections of "key: value" lines'],
    ['text', 'sections of "key: value" lines'],
    ['a: 1\n---\nb: 2', 'sections of "key: value" lines'],
    ['['.repeat(10_000), 'nested at most 32 levels'],
    ['a: \0', 'holds NUL'],
  ])('is refused where there are no keys to change: %.20j', (text, why) => {
    expect(() => editDocument(text, [{ path: 'tunnel.mtu', value: 1400 }])).toThrow(why)
    expect(() => editDocument(text, [])).toThrow(why)
  })

  it('is what it was without changes, whatever its line ends', () => {
    const text = '\uFEFFtunnel:\r\n  mtu: 1400\n'
    expect(editDocument(text, [])).toBe(text)
  })
})
