import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { MoleError } from '../contract/errors.ts'
import { writeDurably } from './durable-file.ts'
import { makePrivateKey, publicKeyOf } from './x25519.ts'

/** The host's key pairs. A private key goes to WireGuard, and to its owner who asked for it by `reveal`; nowhere else. */
export type Keys = {
  /** Public keys by name; pairs that are not there are made. */
  readonly ensure: (names: readonly string[]) => Record<string, string>
  readonly forget: (names: readonly string[]) => void
  /** Private keys by name, for their owner alone. @throws MoleError `not-found` naming the first that is not there. */
  readonly reveal: (names: readonly string[]) => Record<string, string>
  readonly publicKeyOf: (name: string) => string | null
  /** Name under which a public key's pair is kept. */
  readonly nameOf: (publicKey: string) => string | null
  /** For the socket of WireGuard alone. */
  readonly privateKeyOf: (publicKey: string) => string | null
  /** Path of the file that holds the private key, for `wg` alone. */
  readonly fileOf: (publicKey: string) => string | null
}

type Pair = { readonly privateKey: string; readonly publicKey: string }

const SUFFIX = '.key'

const readPair = (path: string): Pair => {
  const privateKey = readFileSync(path, 'utf8').trim()
  return { privateKey, publicKey: publicKeyOf(privateKey) }
}

const load = (directory: string): Map<string, Pair> => {
  const names = readdirSync(directory).flatMap((file) => (file.endsWith(SUFFIX) ? [file.slice(0, -SUFFIX.length)] : []))
  return new Map(names.map((name) => [name, readPair(join(directory, `${name}${SUFFIX}`))]))
}

const missing = (name: string): never => {
  throw new MoleError('not-found', `There is no key "${name}".`, {
    field: name,
    meaning: 'Nothing was given out.',
    nextStep: 'Export again: the tunnels have changed meanwhile.',
  })
}

/** Opens the key files below `directory`, each 0600 in a 0700 directory. Names are `KeyName`s: they cannot leave it. */
export const openKeys = (directory: string): Keys => {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const pairs = load(directory)
  const pathOf = (name: string): string => join(directory, `${name}${SUFFIX}`)
  const find = (publicKey: string): [string, Pair] | undefined =>
    [...pairs].find(([, pair]) => pair.publicKey === publicKey)

  const make = (name: string): Pair => {
    const privateKey = makePrivateKey()
    writeDurably(pathOf(name), `${privateKey}\n`)
    const pair = { privateKey, publicKey: publicKeyOf(privateKey) }
    pairs.set(name, pair)
    return pair
  }

  return {
    ensure: (names) => Object.fromEntries(names.map((name) => [name, (pairs.get(name) ?? make(name)).publicKey])),
    forget: (names) => {
      for (const name of names) {
        rmSync(pathOf(name), { force: true })
        pairs.delete(name)
      }
    },
    reveal: (names) => Object.fromEntries(names.map((name) => [name, (pairs.get(name) ?? missing(name)).privateKey])),
    publicKeyOf: (name) => pairs.get(name)?.publicKey ?? null,
    nameOf: (publicKey) => find(publicKey)?.[0] ?? null,
    privateKeyOf: (publicKey) => find(publicKey)?.[1].privateKey ?? null,
    fileOf: (publicKey) => {
      const name = find(publicKey)?.[0]
      return name === undefined ? null : pathOf(name)
    },
  }
}
