import { randomBytes } from 'node:crypto'
import { type FileHandle, link, lstat, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileOfUnfinished, unfinishedFile } from './file-names.ts'

/*
 * Files are replaced whole or not at all (rename(2)), and are on disk when that is said (fsync(2)). The helper has a
 * smaller writer of its own for its own directory: it may share no code with the engine.
 */

/** Whose a file is and who may use it: what replaces it is the same. */
export type Ownership = { readonly mode: number; readonly uid: number; readonly gid: number }

/** A whole file beside the one it is to become. */
export type Unfinished = {
  /** Becomes the file, in the place of what was there. */
  replace(): Promise<void>
  /** Becomes the file unless there is one: then `EEXIST`. */
  takePlace(): Promise<void>
  discard(): Promise<void>
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** Makes what happened to the names in a directory outlast a crash. Some network file systems cannot, and say so. */
export const syncDirectory = async (path: string): Promise<void> => {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error) ?? '')) throw error
  } finally {
    await directory.close()
  }
}

const takeAfter = async (file: FileHandle, { mode, uid, gid }: Ownership): Promise<void> => {
  const { uid: ourUid, gid: ourGid } = await file.stat()
  // Only root, or a member of the group, may: for everybody else the file is then simply theirs.
  if (uid !== ourUid || gid !== ourGid) await file.chown(uid, gid).catch(() => undefined)
  await file.chmod(mode & 0o777)
}

/** Links cannot be made there (FAT, some network and FUSE file systems). */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

/**
 * Moves a file to a name that is free. `link(2)` fails where there is a file, on NFS too; where links cannot be made,
 * whoever holds the lock looks first.
 * @throws EEXIST
 */
export const moveToFreeName = async (from: string, to: string): Promise<void> => {
  try {
    await link(from, to)
    await rm(from)
  } catch (error) {
    if (!NO_LINKS.includes(codeOf(error) ?? '')) throw error
    const isFree = await lstat(to).then(
      () => false,
      () => true,
    )
    if (!isFree) throw Object.assign(new Error(`EEXIST: ${to}`), { code: 'EEXIST' })
    await rename(from, to)
  }
  await syncDirectory(dirname(to))
}

/** Moves a file over whatever is there. Both lie in one directory. */
export const moveOver = async (from: string, to: string): Promise<void> => {
  await rename(from, to)
  await syncDirectory(dirname(to))
}

/**
 * Writes a file that is to become `path`, beside it, readable by its owner alone from birth and on disk before this
 * returns. A full disk is met here, before anything else was touched.
 */
export const writeUnfinished = async (path: string, bytes: Buffer, like: Ownership | null): Promise<Unfinished> => {
  const temporary = unfinishedFile(path, randomBytes(6).toString('hex'))
  const discard = (): Promise<void> => rm(temporary, { force: true })
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    if (like !== null) await takeAfter(file, like)
    await file.sync()
  } catch (error) {
    await discard()
    throw error
  } finally {
    await file.close()
  }
  return {
    replace: () => moveOver(temporary, path),
    takePlace: () => moveToFreeName(temporary, path),
    discard,
  }
}

/** Removes what killed writers left in `directory` of the files that `isOurs`. The caller holds the lock. */
export const removeUnfinished = async (directory: string, isOurs: (file: string) => boolean): Promise<void> => {
  for (const file of await readdir(directory)) {
    const becoming = fileOfUnfinished(file)
    if (becoming !== null && isOurs(becoming)) await rm(join(directory, file), { force: true })
  }
}
