import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { DamagedProfile } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import { isDamaged, isSettled } from './damaged-file.ts'
import { backupFile, profileFile, profileOfDamagedFile, profileOfFile } from './file-names.ts'
import { mapInBatches } from './map-in-batches.ts'
import { observeFile, revisionOf } from './observe-file.ts'
import { explainFileError, tooLarge, unusableText } from './refusals.ts'

/** One profile's file. */
export type ProfileFile = {
  readonly name: string
  readonly path: string
  /** `null` when it cannot be read, for the reason in `unreadable`. */
  readonly text: string | null
  readonly unreadable: MoleError | null
  readonly revision: string
  readonly modifiedAtMs: number
  readonly hasBackup: boolean
}

/** What lies in the profiles' directory. */
export type Inventory = {
  readonly profiles: readonly ProfileFile[]
  /** Set aside, and nothing has taken their place. */
  readonly damaged: readonly DamagedProfile[]
  /** Files that hold no text and have been so for a while: to be set aside. */
  readonly toSetAside: readonly string[]
  /** Files that hold no text, but changed a moment ago: somebody is writing them. */
  readonly beingWritten: readonly string[]
  /** Others can write here: what they could do, and how to end it. */
  readonly warning: string | null
}

const EMPTY: Inventory = { profiles: [], damaged: [], toSetAside: [], beingWritten: [], warning: null }

type Found = { readonly file: ProfileFile; readonly state: 'whole' | 'damaged' | 'being-written' }

const unreadable = (error: unknown, path: string): MoleError => {
  const explained = explainFileError(error, path, 'read')
  if (explained instanceof MoleError) return explained
  throw explained
}

const lookAt = async (directory: string, name: string, hasBackup: boolean, nowMs: number): Promise<Found | null> => {
  const path = profileFile(directory, name)
  const about = { name, path, hasBackup }
  try {
    const observed = await observeFile(path)
    if (observed === null) return null
    const { text, revision, modifiedAtMs } = observed
    const file = { ...about, text, revision, modifiedAtMs }
    if (text !== null) return { state: 'whole', file: { ...file, unreadable: null } }
    if (!isDamaged(observed)) return { state: 'whole', file: { ...file, unreadable: tooLarge(path) } }
    const state = isSettled(observed, nowMs) ? 'damaged' : 'being-written'
    return { state, file: { ...file, unreadable: unusableText(`${path} holds no text`) } }
  } catch (error) {
    const file = { ...about, text: null, unreadable: unreadable(error, path), revision: revisionOf(path) }
    return { state: 'whole', file: { ...file, modifiedAtMs: 0 } }
  }
}

const lookAtAll = async (directory: string, files: readonly string[], nowMs: number): Promise<Found[]> => {
  const there = new Set(files)
  const names = files.map(profileOfFile).filter((name) => name !== null)
  const hasBackup = (name: string): boolean => there.has(basename(backupFile(directory, name)))
  const found = await mapInBatches(names, (name) => lookAt(directory, name, hasBackup(name), nowMs))
  return found.filter((each) => each !== null)
}

const damagedIn = (directory: string, files: readonly string[]): DamagedProfile[] => {
  const there = new Set(files)
  return files.flatMap((file) => {
    const name = profileOfDamagedFile(file)
    if (name === null || there.has(basename(profileFile(directory, name)))) return []
    return [{ name, movedTo: join(directory, file), hasBackup: there.has(basename(backupFile(directory, name))) }]
  })
}

const GROUP_OR_OTHERS_WRITE = 0o022

const warningOf = async (directory: string): Promise<string | null> => {
  for (const path of [directory, dirname(directory)])
    if (((await stat(path)).mode & GROUP_OR_OTHERS_WRITE) !== 0)
      return `Others can write in ${path}, and so change what you connect to. To end that: chmod go-w ${path}`
  return null
}

/**
 * Looks at every file in the directory and changes none. A directory that is not there holds nothing.
 * @throws MoleError `denied` or `not-available` when it cannot be read.
 */
export const listFiles = async (directory: string, nowMs: number): Promise<Inventory> => {
  try {
    const entries = await readdir(directory, { withFileTypes: true })
    // A directory, a socket or a FIFO is no profile, whatever it is called.
    const files = entries.filter((each) => each.isFile() || each.isSymbolicLink()).map(({ name }) => name)
    files.sort()
    const found = await lookAtAll(directory, files, nowMs)
    const namesOf = (state: Found['state']): string[] =>
      found.filter((each) => each.state === state).map(({ file }) => file.name)
    return {
      profiles: found.map(({ file }) => file),
      damaged: damagedIn(directory, files),
      toSetAside: namesOf('damaged'),
      beingWritten: namesOf('being-written'),
      warning: await warningOf(directory),
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return EMPTY
    throw explainFileError(error, directory, 'read')
  }
}
