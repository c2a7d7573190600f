import { describe, expect, it } from 'vitest'
import { parseArguments } from './arguments.ts'

const parse = (line: string): unknown => parseArguments(line.split(' '))

describe('the arguments of the helper', () => {
  it('say where, for whom, and whether for a lab', () => {
    expect(parse('serve --directory /d')).toEqual({ directory: '/d', isLab: false, allowedUid: null })
    expect(parse('serve --directory /d --lab')).toEqual({ directory: '/d', isLab: true, allowedUid: null })
    expect(parse('serve --directory /d --allow-uid 1000')).toMatchObject({ allowedUid: 1000 })
  })

  it.each([
    '--directory /d',
    'serve',
    'run --directory /d',
    'serve --directory /d --lab --allow-uid 1000',
    'serve --directory /d --allow-uid root',
    'serve --directory /d --allow-uid -1',
    'serve --directory /d --allow-uid 4294967295',
    'serve --directory /d --token t',
  ])('refuse %j', (line) => {
    expect(() => parse(line)).toThrow(/started wrongly/)
  })
})
