import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MoleError } from '../../../contract/errors.ts'
import { type BootScriptInput, MAX_USER_DATA_BYTES, refusePrivateKeys, renderBootScript } from './boot-script.ts'
import { readBootTemplate } from './boot-template.ts'

const TEMPLATE = await readBootTemplate()
/** Public keys of nobody: 32 bytes counted up. */
const keyOf = (number: number): string => Buffer.alloc(32, number).toString('base64')
const input: BootScriptInput = {
  hostPublicKeys: [1, 2, 3, 4].map(keyOf),
  firstPort: 51_821,
  baseCidr: '10.100.0.0/16',
  privateCidr: '10.200.0.0/24',
  mtuBytes: 1420,
}
/** What the third bastion of a deployment in a cloud may get. */
const CLOUD = {
  firstSlot: 17,
  hostPublicKeys: [1, 2, 3, 4, 5, 6, 7, 8].map(keyOf),
  privateCidr: '172.31.0.0/16',
  privateRouting: 'routes',
  leaseSeconds: 30 * 86_400,
  measure: true,
} as const
const render = (changes: Partial<Record<keyof BootScriptInput, unknown>> = {}): string =>
  renderBootScript(TEMPLATE, { ...input, ...changes } as BootScriptInput)

const codeOf = (work: () => unknown): string | null => {
  try {
    work()
    return null
  } catch (error) {
    return error instanceof MoleError ? error.code : 'not a MoleError'
  }
}

/** What a shell, nft or sed would read as more than a word. */
const HOSTILE = [
  "'; id; '",
  '$(id)',
  '`id`',
  '"',
  '\n',
  '\0',
  '|',
  '&',
  '@SLOTS@',
  '..',
  ' -x',
  'é',
  '10.0.0.0/16; id',
  '$&',
  '\\',
]

describe('renderBootScript', () => {
  it('renders the script as it was reviewed', async () => {
    await expect(render()).toMatchFileSnapshot('golden/boot-script.sh')
  })

  it('is a script that POSIX shells read', () => {
    for (const shell of ['/bin/sh', '/bin/bash'].filter((path) => existsSync(path)))
      expect(() => execFileSync(shell, ['-n'], { input: render(), stdio: ['pipe', 'pipe', 'pipe'] })).not.toThrow()
  })

  it('is clean to shellcheck', (context) => {
    context.skip(!existsSync('/usr/bin/shellcheck'), 'shellcheck is not installed')
    for (const input of [render(), render(CLOUD)])
      expect(() => execFileSync('/usr/bin/shellcheck', ['-'], { input, stdio: ['pipe', 'pipe', 'pipe'] })).not.toThrow()
  })

  it('leaves no placeholder and fits into user data', () => {
    const script = render({
      ...CLOUD,
      firstSlot: 57,
      baseCidr: '192.168.0.0/16',
      privateCidr: '172.131.100.128/25',
      measure: false,
      memoryLimitMebibytes: 16_384,
    })
    expect(script).not.toMatch(/@[A-Z_]+@/)
    expect(Buffer.byteLength(script)).toBeLessThan(MAX_USER_DATA_BYTES)
  })

  it.each([
    'baseCidr',
    'privateCidr',
    'privateRouting',
    'firstSlot',
    'firstPort',
    'mtuBytes',
    'leaseSeconds',
    'measure',
    'memoryLimitMebibytes',
  ] as const)('lets nothing through %s', (field) => {
    for (const text of HOSTILE) {
      expect(codeOf(() => render({ [field]: text }))).toBe('bad-input')
      expect(codeOf(() => render({ [field]: `10.100.0.0/16${text}` }))).toBe('bad-input')
    }
  })

  it('lets nothing through a key', () => {
    for (const text of HOSTILE)
      for (const key of [text, keyOf(1) + text, text + keyOf(1), keyOf(1).replace('A', () => text)])
        expect(codeOf(() => render({ hostPublicKeys: [key] }))).toBe('bad-input')
  })

  it('refuses no key, nine keys, one key twice, numbers that are not whole, and keys of its own invention', () => {
    expect(codeOf(() => render({ hostPublicKeys: [] }))).toBe('bad-input')
    expect(codeOf(() => render({ hostPublicKeys: [1, 2, 3, 4, 5, 6, 7, 8, 9].map(keyOf) }))).toBe('bad-input')
    expect(codeOf(() => render({ hostPublicKeys: [keyOf(1), keyOf(1)] }))).toBe('bad-input')
    for (const firstPort of [1.5, Number.NaN, -1, 0, 65_001, '51821'])
      expect(codeOf(() => render({ firstPort }))).toBe('bad-input')
    for (const firstSlot of [0, 58, 1.5]) expect(codeOf(() => render({ firstSlot }))).toBe('bad-input')
    // A tunnel in use makes a handshake every 2 minutes: a shorter lease would end bastions that work.
    for (const leaseSeconds of [-1, 1, 299, 300.5, 31 * 86_400])
      expect(codeOf(() => render({ leaseSeconds }))).toBe('bad-input')
    expect(codeOf(() => renderBootScript(TEMPLATE, { ...input, command: 'id' } as BootScriptInput))).toBe('bad-input')
  })

  it('changes nothing but the values: any accepted input gives the template’s own lines (property)', () => {
    const isSetting = TEMPLATE.split('\n').map((line) => /^[a-z_]+='?@[A-Z_]+@'?$/.test(line))
    const settings = (script: string): string[] => script.split('\n').filter((_, at) => isSetting[at])
    const others = (script: string): string[] => script.split('\n').filter((_, at) => !isSetting[at])
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64')),
          { minLength: 1, maxLength: 8 },
        ),
        fc.integer({ min: 1024, max: 65_000 }),
        fc.integer({ min: 1280, max: 9000 }),
        fc.integer({ min: 1, max: 57 }),
        fc.constantFrom(0, 300, 86_400),
        fc.boolean(),
        fc.constantFrom('nat', 'routes'),
        (hostPublicKeys, firstPort, mtuBytes, firstSlot, leaseSeconds, measure, privateRouting) => {
          const script = render({
            hostPublicKeys,
            firstPort,
            mtuBytes,
            firstSlot,
            leaseSeconds,
            measure,
            privateRouting,
          })
          expect(others(script)).toEqual(others(TEMPLATE))
          expect(others(script).join()).not.toMatch(/@[A-Z_]+@/)
          expect(settings(script)).toContain(`host_keys='${hostPublicKeys.join(' ')}'`)
          for (const line of settings(script)) expect(line).toMatch(/^[a-z_]+=('[A-Za-z0-9+/= ]+'|[A-Za-z0-9./]+)$/)
        },
      ),
    )
  })

  it('fails when the template asks for a value it does not know', () => {
    expect(codeOf(() => renderBootScript('x=@UNKNOWN@', input))).toBe('internal')
  })
})

describe('refusePrivateKeys', () => {
  it('lets the script of public keys pass', () => {
    expect(codeOf(() => refusePrivateKeys(render(), input.hostPublicKeys))).toBeNull()
  })

  it.each([
    ['a key nobody declared public', randomBytes(32).toString('base64')],
    ['a key in a WireGuard configuration', `PrivateKey = ${keyOf(1)}`],
    ['a PEM key', '-----BEGIN OPENSSH PRIVATE KEY-----'],
    ['an AWS access key', `AKIA${'A1'.repeat(8)}`],
    ['an AWS secret', 'AWS_SECRET_ACCESS_KEY=x'],
  ])('refuses %s', (_what, text) => {
    expect(codeOf(() => refusePrivateKeys(`${render()}\n# ${text}\n`, input.hostPublicKeys))).toBe('denied')
    expect(codeOf(() => renderBootScript(`${TEMPLATE}\n# ${text}\n`, input))).toBe('denied')
  })
})
