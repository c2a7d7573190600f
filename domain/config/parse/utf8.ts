/** Well-formed sequences: range of the first byte, of the second, and how many bytes follow (Unicode 16, table 3-7). */
const SEQUENCES: readonly (readonly [number, number, number, number, number])[] = [
  [0x00, 0x7f, 0, 0, 0],
  [0xc2, 0xdf, 0x80, 0xbf, 1],
  [0xe0, 0xe0, 0xa0, 0xbf, 2],
  [0xe1, 0xec, 0x80, 0xbf, 2],
  [0xed, 0xed, 0x80, 0x9f, 2],
  [0xee, 0xef, 0x80, 0xbf, 2],
  [0xf0, 0xf0, 0x90, 0xbf, 3],
  [0xf1, 0xf3, 0x80, 0xbf, 3],
  [0xf4, 0xf4, 0x80, 0x8f, 3],
]

/** The code point that begins at `at` and how many bytes it takes; `null` when they are not UTF-8. */
const readCodePoint = (bytes: Uint8Array, at: number): readonly [code: number, length: number] | null => {
  const first = bytes[at] ?? 0
  const [, , low, high, more] = SEQUENCES.find(([from, to]) => first >= from && first <= to) ?? [0, 0, 0, 0, -1]
  if (more <= 0) return more === 0 ? [first, 1] : null
  const second = bytes[at + 1] ?? 0
  if (second < low || second > high) return null
  let code = ((first & (0x3f >> more)) << 6) | (second & 0x3f)
  for (let next = 2; next <= more; next += 1) {
    const byte = bytes[at + next] ?? 0
    if (byte < 0x80 || byte > 0xbf) return null
    code = (code << 6) | (byte & 0x3f)
  }
  return [code, more + 1]
}

/**
 * Reads UTF-8 strictly (RFC 3629): no overlong forms, no surrogates. `text` ends where the bytes stop being UTF-8, and
 * `isWhole` says whether that is their end. `TextDecoder` does not tell the place.
 */
export const decodeUtf8 = (bytes: Uint8Array): { readonly text: string; readonly isWhole: boolean } => {
  const parts: string[] = []
  let codes: number[] = []
  for (let at = 0; at < bytes.length; ) {
    const found = readCodePoint(bytes, at)
    if (found === null) return { text: parts.join('') + String.fromCodePoint(...codes), isWhole: false }
    codes.push(found[0])
    at += found[1]
    if (codes.length < 4096) continue
    parts.push(String.fromCodePoint(...codes))
    codes = []
  }
  return { text: parts.join('') + String.fromCodePoint(...codes), isWhole: true }
}

/** How many bytes a text has as UTF-8; a lone surrogate counts as the three of the character that replaces it. */
export const utf8Length = (text: string): number => {
  let length = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return length
}
