import type { BadDocument } from './bad-document.ts'

const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)))

/** UTF-16 in the order of the given first bytes. */
const wide = (text: string, isLittle: boolean, mark: readonly number[] = []): Uint8Array =>
  bytes(
    mark,
    text.split('').flatMap((character) => {
      const [low, high] = [character.charCodeAt(0) & 0xff, character.charCodeAt(0) >> 8]
      return isLittle ? [low, high] : [high, low]
    }),
  )

const SOUND = 'tunnel:\n  mtu: 1400\n'

/** What is no text, or more of it than is read. */
export const BAD_BYTES: readonly BadDocument[] = [
  ['NUL in a value', 'tunnel:\n  mtu: 14\u000000\n', '2:10', 'document', 'holds NUL, which is not text'],
  ['NUL in a value, as bytes', bytes(SOUND, 'lab:\n  ', [0], '\n'), '4:3', 'document', 'holds NUL'],
  ['NUL after the end', `${SOUND}\0\0\0\0`, '3:1', 'document', 'holds NUL'],
  ['nothing but NUL', '\0\0\0\0', '1:1', 'document', 'holds NUL'],
  [
    'nothing but NUL, as a crash leaves it',
    bytes(Array.from({ length: 512 }, () => 0)),
    '1:1',
    'document',
    'holds NUL',
  ],
  [
    'UTF-16, little end first, with a mark',
    wide(SOUND, true, [0xff, 0xfe]),
    '1:1',
    'document',
    'must be UTF-8 text, and looks like UTF-16',
    'UTF-8',
  ],
  ['UTF-16, big end first, with a mark', wide(SOUND, false, [0xfe, 0xff]), '1:1', 'document', 'looks like UTF-16'],
  ['UTF-16, little end first', wide(SOUND, true), '1:1', 'document', 'looks like UTF-16'],
  ['UTF-16, big end first', wide(SOUND, false), '1:1', 'document', 'looks like UTF-16'],
  [
    'Latin-1',
    bytes('description: Caf', [0xe9], '\n'),
    '1:17',
    'document',
    'must be UTF-8 text, and has other bytes here',
    'UTF-8',
  ],
  ['Latin-1 in a comment', bytes(SOUND, '# f', [0xfc], 'r alle\n'), '3:4', 'document', 'has other bytes here'],
  ['a byte that continues nothing', bytes(SOUND, [0x80]), '3:1', 'document', 'has other bytes here'],
  ['a sequence cut short', bytes(SOUND, '# ', [0xe2, 0x82]), '3:3', 'document', 'has other bytes here'],
  ['an overlong slash', bytes('extends: ', [0xc0, 0xaf]), '1:10', 'document', 'has other bytes here'],
  ['an overlong NUL', bytes('extends: ', [0xc0, 0x80]), '1:10', 'document', 'has other bytes here'],
  ['a surrogate in UTF-8', bytes('# ', [0xed, 0xa0, 0x80]), '1:3', 'document', 'has other bytes here'],
  ['a code point beyond the last', bytes('# ', [0xf4, 0x90, 0x80, 0x80]), '1:3', 'document', 'has other bytes here'],
  [
    'an old sequence of five bytes',
    bytes('# ', [0xf8, 0x88, 0x80, 0x80, 0x80]),
    '1:3',
    'document',
    'has other bytes here',
  ],
  ['an executable', bytes([0x7f], 'ELF', [2, 1, 1, 0]), '1:1', 'document', 'holds the character U+007F'],
  ['a compressed file', bytes([0x1f, 0x8b, 8, 0]), '1:1', 'document', 'holds the character U+001F'],
  ['half of a pair', 'description: \uD83D\n', '1:14', 'document', 'holds the character U+D83D'],
  ['an escape for the terminal', 'description: \u001B[31mred\n', '1:14', 'document', 'holds the character U+001B'],
  ['a bell', 'tunnel:\n  mtu: 1400 # \u0007\n', '2:15', 'document', 'holds the character U+0007'],
  ['a form feed', 'tunnel:\n\u000C', '2:1', 'document', 'holds the character U+000C'],
  ['a next line of 1980', 'tunnel:\u0085  mtu: 1400', '1:8', 'document', 'holds the character U+0085'],
  ['a mark within the text', 'tunnel:\n  \uFEFFmtu: 1400\n', '2:3', 'document', 'holds the character U+FEFF'],
  ['a second mark', '\uFEFF\uFEFFtunnel:\n', '1:1', 'document', 'holds the character U+FEFF'],
  ['no character', '# \uFFFF\n', '1:3', 'document', 'holds the character U+FFFF'],
  [
    '10 MiB of text',
    '#'.repeat(10 * 1024 * 1024),
    '1:1',
    'document',
    'must be at most 256 KiB of text',
    'another file',
  ],
  ['10 MiB of bytes', new Uint8Array(10 * 1024 * 1024).fill(35), '1:1', 'document', 'must be at most 256 KiB'],
  ['a byte too many', '#'.repeat(256 * 1024 + 1), '1:1', 'document', 'must be at most 256 KiB'],
  [
    'a byte too many as bytes, not as characters',
    `# ${'é'.repeat(128 * 1024)}`,
    '1:1',
    'document',
    'must be at most 256 KiB',
  ],
]
