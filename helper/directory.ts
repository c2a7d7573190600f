import { chmodSync, lstatSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { MoleError } from '../contract/errors.ts'

/** Everything the helper keeps; only its own user may look inside. */
export type HelperDirectory = {
  readonly path: string
  readonly socket: string
  readonly token: string
  readonly journal: string
  readonly keys: string
}

/** `sun_path` of `unix(7)` has 108 bytes, with a zero at the end. */
const SOCKET_PATH_BYTES = 107

const unfit = (path: string, why: string): MoleError =>
  new MoleError('bad-input', `The directory "${path}" ${why}.`, {
    field: 'directory',
    meaning: 'The helper keeps keys and its socket there, so it must be out of reach of others.',
    nextStep: 'Remove it, or name another one.',
  })

/**
 * Makes the helper's directory, 0700, or takes it over when it is ours.
 * @throws MoleError `bad-input` when it is a symbolic link, not a directory, somebody else's, or its path is too long.
 */
export const prepareDirectory = (directory: string): HelperDirectory => {
  const path = resolve(directory)
  const socket = join(path, 'helper.sock')
  if (Buffer.byteLength(socket) > SOCKET_PATH_BYTES) throw unfit(path, 'has too long a path for a Unix socket')
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const status = lstatSync(path)
  if (!status.isDirectory()) throw unfit(path, 'is not a directory of its own')
  if (status.uid !== process.geteuid?.()) throw unfit(path, 'belongs to another user')
  if ((status.mode & 0o077) !== 0) chmodSync(path, 0o700)
  return {
    path,
    socket,
    token: join(path, 'helper.token'),
    journal: join(path, 'helper.sqlite'),
    keys: join(path, 'keys'),
  }
}
