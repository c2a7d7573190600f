import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MoleError } from '../contract/errors.ts'
import { parsePlanFile } from './plan-file.ts'

const refusal = (text: string): MoleError => {
  try {
    parsePlanFile(text, 'plan.yaml')
  } catch (error) {
    if (error instanceof MoleError) return error
  }
  throw new Error('was not refused')
}

describe('a plan file', () => {
  it('gives its keys and where they stand', () => {
    const file = parsePlanFile('# mine\ntarget: lab\ntunnels: 2\n', 'plan.yaml')
    expect(file.fields).toEqual({ target: 'lab', tunnels: 2 })
    expect(file.whereIs('tunnels')).toBe('plan.yaml:3:10')
  })

  it.each(['', '\n', '# only a comment\n', '---\n'])('may be empty: %j', (text) => {
    expect(parsePlanFile(text, 'plan.yaml').fields).toEqual({})
  })

  it('names file, line, column and key of an unknown key', () => {
    const { message, data } = refusal('target: lab\n  \ntunels: 4\n')
    expect(message).toBe('plan.yaml:3:1: "tunels" is not a key of a plan')
    expect(data).toMatchObject({ field: 'tunels', nextStep: expect.stringContaining('tunnels') })
  })

  it('names a key that is there twice', () => {
    const { message, data } = refusal('tunnels: 4\ntarget: lab\ntunnels: 5\n')
    expect(message).toBe('plan.yaml:3:1: "tunnels" is there twice')
    expect(data.field).toBe('tunnels')
  })

  it.each([
    ['broken YAML', 'target: [lab\n', /^plan\.yaml:\d+:\d+: is not YAML/],
    ['a tab', 'target:\n\t- lab\n', /^plan\.yaml:\d+:\d+: is not YAML/],
    ['an unknown tag', 'target: !shell "rm"\n', /^plan\.yaml:1:9: is not YAML/],
    ['two documents', 'target: lab\n---\ntarget: aws\n', /is not YAML/],
    ['a list', '- target\n', /^plan\.yaml:1:1: is not a plan/],
    ['a word', 'hello\n', /^plan\.yaml:1:1: is not a plan/],
    ['a picture', '\u0089PNG\r\n\u001a\n', /^plan\.yaml:/],
    ['prototype names', '__proto__: {tunnels: 9}\n', /"__proto__" is not a key/],
    ['a key that is a list', '? [a, b]\n: 1\n', /is not a key/],
    ['far too much', `# ${'x'.repeat(70_000)}`, /characters long/],
  ])('refuses %s', (_what, text, expected) => {
    expect(refusal(text).message).toMatch(expected)
  })

  it('does not follow aliases', () => {
    expect(() => parsePlanFile('target: &a lab\nbaseCidr: *a\n', 'plan.yaml')).toThrow()
  })

  it('is read or refused with a place, whatever it holds', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom(':', '-', ' ', '\n', '{', '[', '&a', '*a', 'tunnels', '"', '#'))
        .map((words) => words.join('')),
    )
    fc.assert(
      fc.property(anything, (text) => {
        try {
          parsePlanFile(text, 'plan.yaml')
        } catch (error) {
          expect(error).toBeInstanceOf(MoleError)
          expect((error as MoleError).message).toMatch(/^plan\.yaml/)
        }
      }),
    )
  })
})
