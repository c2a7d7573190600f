import { basename, dirname, join } from 'node:path'
import { ProfileName } from '../../domain/config/profile-name.ts'

/*
 * What the files in the profiles' directory are called. `lab.yaml` is the profile, `lab.yaml.bak` its text before,
 * `lab.yaml.damaged-…` a file that held no text, `.lab.yaml.0123456789ab.new` one that is being written.
 * Everything else in the directory is somebody else's.
 */

const SUFFIX = '.yaml'
const DAMAGED = /^(?<name>[^.]+)\.yaml\.damaged-[\dTZ-]+$/
const BACKUP = '.bak'
const UNFINISHED = /^\.(?<file>.+)\.[0-9a-f]{12}\.new$/

const nameOrNull = (name: string | undefined): string | null => {
  const checked = ProfileName.safeParse(name)
  return checked.success ? checked.data : null
}

export const profileFile = (directory: string, name: string): string => join(directory, name + SUFFIX)

export const backupFile = (directory: string, name: string): string => profileFile(directory, name) + BACKUP

/** Where a damaged file is moved to. */
export const damagedFile = (path: string, atMs: number): string =>
  `${path}.damaged-${new Date(atMs).toISOString().replaceAll(/[:.]/g, '-')}`

/** A file beside `path` that becomes it once it is whole. `nonce`: 12 hexadecimal digits. */
export const unfinishedFile = (path: string, nonce: string): string =>
  join(dirname(path), `.${basename(path)}.${nonce}.new`)

/** The profile whose file this is; `null` when it is none. */
export const profileOfFile = (file: string): string | null =>
  file.endsWith(SUFFIX) ? nameOrNull(file.slice(0, -SUFFIX.length)) : null

/** Whether it is a profile's file or the backup of one. */
export const isOfProfile = (file: string): boolean =>
  profileOfFile(file.endsWith(BACKUP) ? file.slice(0, -BACKUP.length) : file) !== null

/** The profile whose damaged file this is; `null` when it is none. */
export const profileOfDamagedFile = (file: string): string | null => nameOrNull(DAMAGED.exec(file)?.groups?.name)

/** The file that this unfinished one was to become; `null` when it is none. */
export const fileOfUnfinished = (file: string): string | null => UNFINISHED.exec(file)?.groups?.file ?? null
