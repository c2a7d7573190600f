import type { Random } from './random.ts'

/** What changes a document at random. */
export type Mutation = (text: string, random: Random) => string

const CHARACTERS = [
  ...' \n\t\r:-[]{},#&*!|>\'"%@`?~<.0123456789abcxyzANO_=+/\\'.split(''),
  '\0',
  '\x07',
  '\uFEFF',
  '\u2028',
  'é',
  '😀',
  '\uD83D',
]

const splice = (text: string, at: number, length: number, inserted: string): string =>
  text.slice(0, at) + inserted + text.slice(at + length)

/** One character put in, taken out, replaced or moved. */
export const mutateCharacter: Mutation = (text, random) => {
  const at = random.below(text.length + 1)
  return random.pick([
    () => splice(text, at, 0, random.pick(CHARACTERS)),
    () => splice(text, at, 1, ''),
    () => splice(text, at, 1, random.pick(CHARACTERS)),
    () => splice(text, at, 2, `${text[at + 1] ?? ''}${text[at] ?? ''}`),
    () => splice(text, at, 0, random.pick(CHARACTERS).repeat(1 + random.below(40))),
    () => text.slice(0, at),
  ])()
}

const TOKENS = [
  ...[
    '---',
    '...',
    '%YAML 1.1',
    '%TAG ! x',
    '&a',
    '*a',
    '!!str',
    '!x',
    '<<',
    '? ',
    ': ',
    '- ',
    '|',
    '>-',
    '#',
    '{',
    '}',
    '[',
    ']',
    ',',
    '"',
    "'",
  ],
  ...[
    'null',
    '~',
    'true',
    'no',
    'on',
    '010',
    '0x1F',
    '0o7',
    '1e9',
    '.inf',
    '-.nan',
    '1_000',
    '+5',
    '.5',
    '5.',
    '-0',
    '99999999999999999999',
  ],
  ...[
    '"30s"',
    '30s',
    '2m',
    '80%',
    '128MiB',
    '200M',
    '10.0.0.0/8',
    '10.100.0.0/16',
    '300.1.1.1/24',
    'vpc-12345',
    'us-west-2',
    'us-west-2a',
  ],
  ...[
    'tunnel',
    'mtu',
    'extends',
    'description',
    '__proto__',
    'constructor',
    'toString',
    'scaling',
    'buffer_sizes',
    'lab',
    'tunnel.mtu',
  ],
]

const TOKEN = /[A-Za-z0-9_.%/-]+|\n *|[^\sA-Za-z0-9]/g

/** One word, sign or line break with its indentation replaced by another, dropped, doubled, or joined by another. */
export const mutateToken: Mutation = (text, random) => {
  const tokens = [...text.matchAll(TOKEN)]
  if (tokens.length === 0) return random.pick(TOKENS)
  const { 0: token, index } = random.pick(tokens)
  const other = random.oneIn(3) ? random.pick(tokens)[0] : random.pick(TOKENS)
  return random.pick([
    () => splice(text, index, token.length, other),
    () => splice(text, index, token.length, ''),
    () => splice(text, index, 0, `${token} `),
    () => splice(text, index, 0, `${other} `),
  ])()
}

/** One line doubled, dropped, moved, indented otherwise, joined with the next, or put many times. */
export const mutateLine: Mutation = (text, random) => {
  const lines = text.split('\n')
  const at = random.below(lines.length)
  const line = lines[at] ?? ''
  const other = random.pick(lines)
  const replacement = random.pick<() => readonly string[]>([
    () => [],
    () => [line, line],
    () => [other],
    () => [line, other],
    () => [`${' '.repeat(random.below(6))}${line.trimStart()}`],
    () => [`\t${line}`],
    () => [`${line} ${other.trim()}`],
    () => Array.from({ length: random.below(20) }, () => line),
    () => [`# ${line}`],
  ])()
  return lines.toSpliced(at, 1, ...replacement).join('\n')
}
