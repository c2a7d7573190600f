import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type Runner, systemRunner } from './run.ts'
import { askUapi, type Uapi, uapiSocketPath } from './uapi.ts'

/** Every way in which the helper touches the host's network: the seam that tests replace. */
export type System = {
  readonly runner: Runner
  readonly uapi: Uapi
  /** Text of a file of `/proc`, `/sys` or `/etc`; `null` when it cannot be read. */
  readonly read: (path: string) => string | null
  /** Writes a file of `/proc/sys`. */
  readonly write: (path: string, text: string) => void
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

/** The machine, or the namespace, that the helper runs in. */
export const thisSystem: System = {
  runner: systemRunner,
  uapi: askUapi,
  read,
  write: (path, text) => writeFileSync(path, text, { flag: 'r+' }),
  isServed: (interfaceName) => existsSync(uapiSocketPath(interfaceName)),
}
