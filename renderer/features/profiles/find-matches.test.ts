import { describe, expect, it } from 'vitest'
import { findMatches, matchFrom } from './find-matches.ts'

describe('findMatches', () => {
  it('finds a word in capitals and small letters, and no place twice', () => {
    expect(findMatches('mtu: 1 # MTU', 'mtu')).toEqual([
      { from: 0, to: 3 },
      { from: 9, to: 12 },
    ])
    expect(findMatches('aaaa', 'aa')).toEqual([
      { from: 0, to: 2 },
      { from: 2, to: 4 },
    ])
  })

  it.each([
    ['abc', ''],
    ['', 'a'],
    ['abc', 'd'],
  ])('finds nothing in %j of %j', (text, word) => expect(findMatches(text, word)).toEqual([]))

  it('keeps its places right behind letters that are longer when small', () => {
    const text = '# İstanbul\nmtu: 1'
    expect(findMatches(text, 'mtu').map(({ from, to }) => text.slice(from, to))).toEqual(['mtu'])
  })
})

describe('matchFrom', () => {
  const matches = findMatches('ab ab ab', 'ab')
  const none = { from: 0, to: 0 }
  it('goes on from the selection, and round again at either end', () => {
    const forwards = [none, ...matches].map((selection) => matchFrom(matches, selection, false)?.from)
    expect(forwards).toEqual([0, 3, 6, 0])
    const backwards = [none, ...matches].map((selection) => matchFrom(matches, selection, true)?.from)
    expect(backwards).toEqual([6, 6, 0, 3])
  })
  it('goes nowhere without a match', () => expect(matchFrom([], none, false)).toBeNull())
})
