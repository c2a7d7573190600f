import type { Keys } from '../keys.ts'
import type { System } from '../system.ts'
import { keyOf } from './states.ts'

export type FakeSystem = System & {
  /** What was done, as text: one block a process, request or file. */
  readonly transcript: () => string
}

/** The only argument vectors the helper may use to change a host. */
const CHANGES: Readonly<Record<string, RegExp>> = {
  ip: /^(-force )?-batch -$/,
  nft: /^-f -$/,
  setpriv: /^--pdeathsig KILL -- \/usr\/bin\/xargs -n 1 -P 8 \/usr\/bin\/wireguard-go$/,
  wg: /^set mole[1-9][0-9]* listen-port [0-9]+( private-key \/dev\/stdin)?( peer [A-Za-z0-9+/]{43}=( remove| endpoint [0-9.]+:[0-9]+| persistent-keepalive [0-9]+| allowed-ips [0-9./,]+)+)*$/,
}

const indent = (text: string): string => text.trimEnd().replaceAll(/^/gm, '    ')

/**
 * A host that does nothing but write down what is asked of it, and refuses whatever it does not know. `failing` names a
 * line or program that fails.
 */
export const makeFakeSystem = (files: Record<string, string> = {}, failing: RegExp | null = null): FakeSystem => {
  const blocks: string[] = []
  const contents = new Map(Object.entries(files))
  const fails = (text: string): boolean => failing?.test(text) ?? false
  return {
    transcript: () => `${blocks.join('\n')}\n`,
    runner: {
      pathOf: (program) => `/usr/bin/${program}`,
      start: () => {
        throw new Error('the helper starts no lasting program but through wireguard-go itself')
      },
      run: async (program, argv, { input = '', inputFile, env } = {}) => {
        const line = argv.join(' ')
        if (!CHANGES[program]?.test(line)) throw new Error(`unknown argument vector: ${program} ${line}`)
        const limits = env?.GOMEMLIMIT === undefined ? '' : ` [GOMEMLIMIT=${env.GOMEMLIMIT}]`
        const from = inputFile === undefined ? '' : ` < ${inputFile}`
        blocks.push([`$ ${program} ${line}${limits}${from}`, ...(input === '' ? [] : [indent(input)])].join('\n'))
        const code = fails(`${program} ${line}\n${input}`) ? 1 : 0
        return { stdout: '', stderr: code === 0 ? '' : 'RTNETLINK answers: Invalid argument', code }
      },
    },
    askIp: {
      ask: async () => {
        throw new Error('nothing is looked at here')
      },
      close: () => undefined,
    },
    uapi: async (name, request) => {
      blocks.push([`> socket of ${name}`, indent(request)].join('\n'))
      return fails(`uapi ${name}`) ? 'errno=-22\n\n' : 'errno=0\n\n'
    },
    read: (path) => contents.get(path) ?? null,
    readLater: async (path) => contents.get(path) ?? null,
    relay: {
      observe: async () => null,
      isRunning: () => false,
      make: async (config) => void blocks.push(`> relay: ${JSON.stringify(config)}`),
      end: async () => void blocks.push('> relay: end'),
    },
    list: () => [],
    link: () => null,
    write: (path, text) => {
      blocks.push(`> ${path}: ${text.trim()}`)
      contents.set(path, text)
    },
    isServed: () => false,
  }
}

/** Key pairs whose public key is known to tests; the private key is a byte repeated, never a secret. */
export const fakeKeys = (publicKeyOf: (name: string) => string, file = 'KEY-FILE'): Keys => ({
  ensure: (names) => Object.fromEntries(names.map((name) => [name, publicKeyOf(name)])),
  reveal: (names) => Object.fromEntries(names.map((name) => [name, keyOf(0xaa)])),
  forget: () => undefined,
  publicKeyOf,
  nameOf: () => null,
  privateKeyOf: () => keyOf(0xaa),
  fileOf: () => file,
})
