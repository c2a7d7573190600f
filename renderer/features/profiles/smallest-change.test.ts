import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smallestChange } from './smallest-change.ts'

describe('smallestChange', () => {
  it('makes one text of the other', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 12 })
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { from, to, insert } = smallestChange(before, after)
        expect(before.slice(0, from) + insert + before.slice(to)).toBe(after)
      }),
    )
  })

  it.each([
    ['mtu: 1400\n', 'mtu: 1500\n', { from: 6, to: 7, insert: '5' }],
    ['a\n', 'a\nb\n', { from: 2, to: 2, insert: 'b\n' }],
    ['aa', 'a', { from: 1, to: 2, insert: '' }],
    ['same', 'same', { from: 4, to: 4, insert: '' }],
  ])('touches no more than it must: %j, %j', (before, after, change) =>
    expect(smallestChange(before, after)).toEqual(change),
  )
})
