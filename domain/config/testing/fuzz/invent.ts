import { CONFIG_KEYS, CONFIG_SECTIONS } from '../../keys.ts'
import type { Random } from './random.ts'

const NAMES = [
  ...[...CONFIG_SECTIONS, ...CONFIG_KEYS].flatMap(({ path }) => path.split('.')),
  ...[
    'extends',
    'description',
    '__proto__',
    'constructor',
    'hasOwnProperty',
    '<<',
    'x',
    '1',
    'true',
    '~',
    '"q"',
    "'q'",
    '*a',
    'tunnel.mtu',
    '[a]',
    '',
  ],
]

const SCALARS = [
  ...[
    '1',
    '1420',
    '0',
    '-1',
    '0.5',
    '010',
    '0x10',
    '1e3',
    '.inf',
    '1_000',
    'true',
    'no',
    'null',
    '~',
    '',
    'text',
    '"quoted',
    "'quoted'",
  ],
  ...[
    '"\\x41"',
    '"\\q"',
    '30s',
    '2 m',
    '80%',
    '128MiB',
    '10.0.0.0/8',
    '10.100.0.0/16',
    'vpc-12345',
    '&a 1',
    '*a',
    '!!int 1',
    '! x',
    '@x',
    '%x',
    '`x`',
  ],
  ...[
    '|\n    a\n   b',
    '>-\n  a',
    '# comment',
    'a: b',
    '- 1',
    '[',
    '}',
    'default',
    './base.yaml',
    'us-west-2a',
    'c6gn.medium',
    'bbr',
    'performance',
  ],
]

const inventInline = (random: Random, depth: number): string => {
  if (depth <= 0 || random.oneIn(2)) return random.pick(SCALARS)
  const items = Array.from({ length: random.below(4) }, () => inventInline(random, depth - 1))
  return random.oneIn(2)
    ? `[${items.join(', ')}${random.oneIn(12) ? '' : ']'}`
    : `{${items.map((item) => `${random.pick(NAMES)}: ${item}`).join(', ')}${random.oneIn(12) ? '' : '}'}`
}

const inventBlock = (random: Random, indent: string, depth: number): string => {
  const lines = Array.from({ length: random.below(5) }, () => {
    const lead = random.oneIn(15) ? random.pick(['\t', ' ', '- ', '? ', `${indent} `]) : indent
    const name = random.pick(NAMES)
    if (depth > 0 && random.oneIn(2)) return `${lead}${name}:\n${inventBlock(random, `${indent}  `, depth - 1)}`
    return `${lead}${name}${random.oneIn(20) ? '' : ':'} ${inventInline(random, 2)}`
  })
  return lines.join('\n')
}

const PROLOGUES = ['%YAML 1.2\n---\n', '%YAML 1.1\n---\n', '---\n', '--- ', '# comment\n', '\uFEFF', '{', '- ', '\n\n']

/** Text that looks like a configuration from afar: its names, its values, YAML's signs, in no good order. */
export const inventDocument = (random: Random): string => {
  const prologue = random.oneIn(6) ? random.pick(PROLOGUES) : ''
  const epilogue = random.oneIn(10) ? random.pick(['\n...\n', '\n---\n', '\n}', '\n ', '\n...\na: 1']) : '\n'
  return `${prologue}${inventBlock(random, '', 3)}${epilogue}`
}

/** Bytes of no meaning; in half of them most are those of text. */
export const inventBytes = (random: Random): Uint8Array => {
  const isTextual = random.oneIn(2)
  return Uint8Array.from({ length: random.below(300) }, () =>
    isTextual && !random.oneIn(40)
      ? random.pick([10, 32, 32, 58, 45, 91, 93, 123, 125, 44, 34, 39, 35, 97, 98, 48, 49])
      : random.below(256),
  )
}
