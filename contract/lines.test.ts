import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_FRAME_BYTES } from './limits.ts'
import { lineSplitter } from './lines.ts'

const split = (chunks: readonly Uint8Array[]): { lines: string[]; isAtBoundary: boolean } => {
  const lines: string[] = []
  const splitter = lineSplitter((line) => lines.push(line))
  for (const chunk of chunks) splitter.push(chunk)
  return { lines, isAtBoundary: splitter.isAtBoundary() }
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('lineSplitter', () => {
  it('finds the same lines however the bytes are cut', () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' '))
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat(200)), (lines, cuts) => {
        const bytes = encode(lines.map((text) => `${text}\n`).join(''))
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length]
        const chunks = places.map((place, i) => bytes.subarray(place, places[i + 1] ?? bytes.length))
        expect(split(chunks)).toEqual({ lines, isAtBoundary: true })
      }),
    )
  })

  it('knows when it stands inside a line', () => {
    expect(split([encode('one\ntw')])).toEqual({ lines: ['one'], isAtBoundary: false })
  })

  it('takes a line of 1 MiB, and not one byte more, also in pieces', () => {
    const half = new Uint8Array(MAX_FRAME_BYTES / 2).fill(0x61)
    expect(split([half, half, encode('\n')]).lines[0]).toHaveLength(MAX_FRAME_BYTES)
    expect(() => split([half, half, encode('a')])).toThrow('larger than 1 MiB')
    expect(() => split([half, half, encode('a\n')])).toThrow('larger than 1 MiB')
  })

  it('refuses what is not UTF-8: a lone surrogate, a cut character, a stray byte', () => {
    for (const bytes of [[0xed, 0xa0, 0x80], [0xe2, 0x82], [0xff]])
      expect(() => split([new Uint8Array([...bytes, 0x0a])])).toThrow('not UTF-8')
  })
})
