import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { type AskIp, openAskIp } from './observe/ask-ip.ts'
import { makeRelayKeeper, type RelayKeeper } from './relay/keeper.ts'
import { type Runner, systemRunner } from './run.ts'
import { askUapi, type Uapi, uapiSocketPath } from './uapi.ts'

/** Every way in which the helper touches the host's network: the seam that tests replace. */
export type System = {
  readonly runner: Runner
  readonly askIp: AskIp
  readonly uapi: Uapi
  /** Text of a file of `/proc`, `/sys` or `/etc`; `null` when it cannot be read. */
  readonly read: (path: string) => string | null
  /** The same, beside other work: for files that take the kernel long. */
  readonly readLater: (path: string) => Promise<string | null>
  /** Names in a directory of `/proc` or `/sys`; `[]` when it cannot be read. */
  readonly list: (path: string) => readonly string[]
  /** What a symbolic link of `/proc` or `/sys` says; `null` when it is none. */
  readonly link: (path: string) => string | null
  /** Writes a file of `/proc` or `/sys` that is there. */
  readonly write: (path: string, text: string) => void
  readonly relay: RelayKeeper
  /** Whether the process that serves a userspace interface is still there. */
  readonly isServed: (interfaceName: string) => boolean
}

const read = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

const list = (path: string): string[] => {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

const link = (path: string): string | null => {
  try {
    return readlinkSync(path)
  } catch {
    return null
  }
}

/** The machine, or the namespace, that the helper runs in. */
export const thisSystem: System = {
  runner: systemRunner,
  askIp: openAskIp(systemRunner),
  uapi: askUapi,
  read,
  readLater: (path) => readFile(path, 'utf8').catch(() => null),
  list,
  link,
  relay: makeRelayKeeper({ runner: systemRunner, read, list, link }),
  write: (path, text) => writeFileSync(path, text, { flag: 'r+' }),
  isServed: (interfaceName) => existsSync(uapiSocketPath(interfaceName)),
}
