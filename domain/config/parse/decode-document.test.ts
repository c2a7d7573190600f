import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeDocument, isText, MAX_DOCUMENT_BYTES } from './decode-document.ts'
import { decodeUtf8, utf8Length } from './utf8.ts'

const strict = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

const nearlyUtf8 = fc.tuple(fc.string({ unit: 'binary' }), fc.nat(), fc.option(fc.nat(255))).map(([text, at, byte]) => {
  const bytes = new TextEncoder().encode(text)
  return byte === null || bytes.length === 0 ? bytes : bytes.with(at % bytes.length, byte)
})

describe('UTF-8', () => {
  it('is read as the platform reads it, and stops where it is none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), nearlyUtf8), (bytes) => {
        const { text, isWhole } = decodeUtf8(bytes)
        expect(isWhole ? text : null).toBe(strict(bytes))
        expect(strict(bytes.slice(0, utf8Length(text)))).toBe(text)
      }),
      { numRuns: 2000 },
    )
  })

  it('has the length that the platform writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length)
      }),
    )
  })
})

describe('text', () => {
  it.each([
    ['letters', 'tunnel:\n', true],
    ['a byte order mark', '\uFEFF', true],
    ['wrong keys', 'no: configuration', true],
    ['nothing', '', false],
    ['NUL', 'tunnel:\0', false],
  ])('is told from what a crash leaves: %s', (_, text, isIt) => {
    expect(isText(new TextEncoder().encode(text))).toBe(isIt)
  })

  it('is told from other bytes', () => {
    expect(isText(Uint8Array.of(0x74, 0xff, 0x74))).toBe(false)
    expect(isText(new Uint8Array(4096))).toBe(false)
    expect(isText(Uint8Array.of(0xff, 0xfe, 0x74, 0))).toBe(false)
  })

  it('is read up to the very last byte that may be', () => {
    const largest = '#'.repeat(MAX_DOCUMENT_BYTES)
    expect(decodeDocument(largest)).toEqual({ text: largest, flaw: null })
    expect(decodeDocument(new TextEncoder().encode(largest)).flaw).toBeNull()
    expect(decodeDocument(`${largest}#`).flaw).not.toBeNull()
  })
})
