/** The most that is read at all. */
const SIZE = 256 * 1024

/** A pattern again and again, up to the most that is read. */
const full = (pattern: string, before = '', after = ''): string =>
  before + pattern.repeat(Math.floor((SIZE - before.length - after.length) / pattern.length)) + after

const stairs = (levels: number, name: string): string =>
  Array.from({ length: levels }, (_, level) => `${' '.repeat(level)}${name}`).join('\n')

const DEPTH = 10_000

/** Documents that are as large as a document may be, or as deep as none should be, in every way YAML knows. */
export const HEAVY_DOCUMENTS: Readonly<Record<string, string>> = {
  'empty lines': full('\n'),
  'lines that end in CRLF': full('\r\n'),
  'lines that end in CR': full('\r'),
  spaces: full(' '),
  tabs: full('\t'),
  comments: full('#\n'),
  'indented comments': full(' #\n', 'tunnel:\n', '  mtu: 1400'),
  'one comment': full('x', '#'),
  'keys of no meaning': full('abcde:\n'),
  'keys of no meaning, each another': Array.from({ length: 30_000 }, (_, number) => `k${number}:`)
    .join('\n')
    .slice(0, SIZE),
  'keys in braces': full('a,', '{', '}'),
  'keys that are there twice': full('tunnel:\n'),
  'keys without a name': full(':\n'),
  'keys with "?"': full('? a\n'),
  'keys in one line': full('a: b: '),
  'a long key': full('a', '', ': 1'),
  'a long value': full('a', 'description: '),
  'a long quoted value': full('a', 'description: "', '"'),
  'a long value in lines': full('a\n', 'description: >\n '),
  'a value in many lines': full(' a\n', 'description:\n'),
  'escapes in a quoted value': full('\\x41', 'description: "', '"'),
  'wrong escapes in a quoted value': full('\\x', 'description: "', '"'),
  'backslashes that never end': full('\\', 'description: "'),
  'a quote that never ends': full("'", 'description: '),
  'quotes in a row': full('"" ', 'description: '),
  'entries of a list': full('1500, ', 'probing:\n  mtu_range: [', '1]'),
  'entries of a list in lines': full('  - 1500\n', 'probing:\n  mtu_range:\n'),
  'entries of no value': full('-\n'),
  commas: full(',', '['),
  'colons in braces': full(':,', '{', '}'),
  'closing brackets': full(']'),
  'closing braces': full('}', 'tunnel: '),
  'opening and closing': full('[]'),
  anchors: full('&a '),
  aliases: full('*a,', 'tunnel: [', ']'),
  tags: full('! '),
  directives: full('%A\n'),
  'one directive': full('%'),
  'beginnings of a document': full('---\n'),
  'ends of a document': full('...\n'),
  'documents in a row': full('tunnel:\n---\n'),
  'block scalars': full('|\n'),
  'wrong indentation': full('a: b\n c\n'),
  'indentation to and fro': full(' - a\n- b\n'),
  'brackets within brackets': '['.repeat(DEPTH),
  'brackets within brackets, closed': `tunnel: ${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`,
  'braces within braces': '{a: '.repeat(DEPTH),
  'braces within braces, closed': `${'{a: '.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`,
  'brackets within braces': '{a: ['.repeat(DEPTH),
  'keys of braces': '{'.repeat(DEPTH),
  'keys of brackets in braces': '{[? '.repeat(DEPTH),
  'lists within lists in one line': '- '.repeat(DEPTH),
  'keys within keys in one line': 'a: '.repeat(DEPTH),
  'keys with "?" within keys in one line': '? '.repeat(DEPTH),
  'quoted keys within keys': '"a": '.repeat(DEPTH),
  'quoted brackets within brackets': '["a", '.repeat(DEPTH),
  'lists within lists of keys': '- a: '.repeat(DEPTH),
  'sections within sections': stairs(700, 'a:'),
  'lists within lists in lines': stairs(700, '-'),
  'quoted sections within sections': stairs(690, '"a":'),
  'brackets to the brim': full('['),
  'braces to the brim': full('{a: '),
  'lists to the brim': full('- '),
  'an alias bomb': Array.from(
    { length: 30 },
    (_, level) =>
      `l${level}: &l${level} [${Array.from({ length: 9 }, () => (level === 0 ? 'lol' : `*l${level - 1}`)).join(', ')}]`,
  ).join('\n'),
  'nothing but megabytes': 'a'.repeat(10 * 1024 * 1024),
}
