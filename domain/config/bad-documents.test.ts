import { describe, expect, it } from 'vitest'
import { CONFIG_KEYS } from './keys.ts'
import { parseConfigDocument } from './parse-document.ts'
import type { ConfigProblem } from './problem.ts'
import { resolveLayers } from './resolve.ts'
import type { BadDocument } from './testing/bad-documents/bad-document.ts'
import { BAD_BYTES } from './testing/bad-documents/bytes.ts'
import { BAD_NAMES } from './testing/bad-documents/names.ts'
import { BAD_RULES } from './testing/bad-documents/rules.ts'
import { BAD_SYNTAX } from './testing/bad-documents/syntax.ts'
import { BAD_VALUES } from './testing/bad-documents/values.ts'

/** A key alone in its sections. */
const inSections = (path: string, written: string): string =>
  path
    .split('.')
    .map((name, level, names) => `${'  '.repeat(level)}${name}:${level === names.length - 1 ? ` ${written}` : ''}\n`)
    .join('')

const shown = (problem: ConfigProblem | undefined) => ({
  source: problem?.source,
  at: `${problem?.place?.line}:${problem?.place?.column}`,
  key: problem?.key,
  message: problem?.message,
  nextStep: problem?.nextStep,
})

const expectRefused = (problems: readonly ConfigProblem[], [, , at, key, message, nextStep]: BadDocument): void => {
  expect(shown(problems[0])).toEqual({
    source: 'bad.yaml',
    at,
    key,
    message: expect.stringContaining(message),
    nextStep: nextStep === undefined ? (problems[0]?.nextStep ?? null) : expect.stringContaining(nextStep),
  })
}

const DOCUMENTS = [...BAD_BYTES, ...BAD_SYNTAX, ...BAD_NAMES]

/** A row with what the test of it is called. */
const named = (rows: readonly BadDocument[]) => rows.map((row) => ({ name: row[0], row }))

const VALUES = BAD_VALUES.map(([path, written, at, message, nextStep]): BadDocument => {
  const row = [`${path}: ${written}`, inSections(path, written), at, path, message] as const
  return nextStep === undefined ? row : [...row, nextStep]
})

describe('a bad document', () => {
  it.each(named(DOCUMENTS))('is refused with its place: $name', ({ row }) => {
    const { document, problems } = parseConfigDocument(row[1], 'bad.yaml')
    expect(document).toBeNull()
    expectRefused(problems, row)
  })

  it.each(named(VALUES))('is refused for its value: $name', ({ row }) => {
    const { document, problems } = parseConfigDocument(row[1], 'bad.yaml')
    expect(document).toBeNull()
    expect(problems).toHaveLength(1)
    expectRefused(problems, row)
  })

  it.each(named(BAD_RULES))('is sound by itself and refused as a whole: $name', ({ row }) => {
    const { document, problems } = parseConfigDocument(row[1], 'bad.yaml')
    if (document === null) throw new Error(`It is refused by itself: ${JSON.stringify(problems)}`)
    const { values, source, places } = document
    const where = (path: string) => ({ source, place: places.get(path) ?? null })
    const resolved = resolveLayers([{ kind: 'profile', values, where }])
    expect(resolved.config).toBeNull()
    expectRefused(resolved.problems, row)
  })
})

describe('a key', () => {
  it.each(CONFIG_KEYS.map(({ path }) => path))('%s refuses in words of ours, whatever it is given', (path) => {
    const odd = [
      'true',
      '-1',
      '-0.5',
      '1.5',
      '99999999999999999999',
      '""',
      'x'.repeat(5000),
      '[]',
      '{}',
      '[null]',
      '[[]]',
      '~',
    ]
    const problems = odd.flatMap((written) => parseConfigDocument(inSections(path, written), 'bad.yaml').problems)
    expect(problems.length).toBeGreaterThan(5)
    for (const { message } of problems) expect(message).toMatch(/^must (be|have|name) /)
  })
})

describe('the bad documents', () => {
  it('are more than 200, no two the same', () => {
    const texts = [...DOCUMENTS, ...VALUES, ...BAD_RULES].map(([, given]) => String(given))
    expect(texts.length).toBeGreaterThan(200)
    expect(new Set(texts).size).toBe(texts.length)
  })

  it('have several for every key', () => {
    const perKey = CONFIG_KEYS.map(({ path }) => [path, BAD_VALUES.filter(([each]) => each === path).length] as const)
    expect(perKey.filter(([, count]) => count < 2)).toEqual([])
  })
})
