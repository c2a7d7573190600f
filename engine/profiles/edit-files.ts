import { access, constants, lstat, mkdir, realpath } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { isDamaged } from './damaged-file.ts'
import { backupFile, isOfProfile, profileFile } from './file-names.ts'
import { type ObservedFile, observeFile, revisionOf } from './observe-file.ts'
import { heldByEditor, nameTaken, noSuchProfile, nothingToRestore, tooLarge, writtenByOther } from './refusals.ts'
import { moveOver, moveToFreeName, removeUnfinished, syncDirectory, writeUnfinished } from './replace-file.ts'

/*
 * What is done to the files while the lock is held. At every moment the profile and its backup are each a whole file:
 * who is killed in the middle leaves the text before or the text after, and at most an unfinished file beside it.
 */

/** Where to write: the file that a symbolic link leads to, so that a profile kept elsewhere stays there. */
const writable = async (path: string): Promise<string> => {
  const target = await realpath(path)
  // A rename would not mind that the file is read-only; its owner does.
  await access(target, constants.W_OK)
  if (target !== path) await removeUnfinished(dirname(target), (file) => file === basename(target))
  return target
}

/** Clears the directory of what killed writers left. */
export const clearDirectory = async (directory: string): Promise<void> => {
  try {
    await removeUnfinished(directory, isOfProfile)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/** Makes the directory (0700) when it is not there. */
const ensureDirectory = async (directory: string): Promise<void> => {
  const made = await mkdir(directory, { recursive: true, mode: 0o700 })
  if (made !== undefined) await syncDirectory(dirname(made))
}

const isTaken = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )

const present = async (directory: string, name: string): Promise<ObservedFile> => {
  const file = await observeFile(profileFile(directory, name))
  if (file === null) throw noSuchProfile(name, directory)
  return file
}

const asRevised = async (directory: string, name: string, revision: string): Promise<ObservedFile> => {
  const file = await present(directory, name)
  if (file.revision !== revision) throw writtenByOther(name)
  // What holds no text is set aside, never overwritten.
  if (isDamaged(file)) throw heldByEditor(name)
  return file
}

const keepBackup = async (directory: string, name: string, before: ObservedFile, bytes: Buffer): Promise<void> => {
  const path = backupFile(directory, name)
  const backup = await writeUnfinished(path, bytes, before)
  try {
    await backup.replace()
  } catch (error) {
    await backup.discard()
    throw error
  }
}

/** Puts `bytes` in the place of the text that was observed, which becomes the backup. */
const replaceText = async (directory: string, name: string, before: ObservedFile, bytes: Buffer): Promise<string> => {
  const path = profileFile(directory, name)
  // It could not be kept as the backup.
  if (before.bytes === null) throw tooLarge(path)
  const unfinished = await writeUnfinished(await writable(path), bytes, before)
  try {
    await keepBackup(directory, name, before, before.bytes)
    // An editor, or a machine that shares this directory, knows nothing of our lock.
    await asRevised(directory, name, before.revision)
    await unfinished.replace()
  } catch (error) {
    await unfinished.discard()
    throw error
  }
  return revisionOf(bytes)
}

/** @throws MoleError `conflict` when the name is taken. */
export const createFile = async (directory: string, name: string, bytes: Buffer): Promise<string> => {
  await ensureDirectory(directory)
  const unfinished = await writeUnfinished(profileFile(directory, name), bytes, null)
  try {
    await unfinished.takePlace()
  } catch (error) {
    await unfinished.discard()
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? nameTaken(name) : error
  }
  return revisionOf(bytes)
}

/** @throws MoleError `not-found`, or `conflict` when the file is no longer that of `revision`. */
export const rewriteFile = async (
  directory: string,
  name: string,
  bytes: Buffer,
  revision: string,
): Promise<string> => {
  const before = await asRevised(directory, name, revision)
  return revisionOf(bytes) === revision ? revision : replaceText(directory, name, before, bytes)
}

/** The backup goes with it. @throws MoleError `not-found`, or `conflict` when the name is taken. */
export const renameFile = async (directory: string, name: string, to: string): Promise<void> => {
  await present(directory, name)
  try {
    await moveToFreeName(profileFile(directory, name), profileFile(directory, to))
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? nameTaken(to) : error
  }
  if (await isTaken(backupFile(directory, name))) await moveOver(backupFile(directory, name), backupFile(directory, to))
}

/** @throws MoleError `not-found`, or `conflict` when the name is taken. */
export const duplicateFile = async (directory: string, name: string, to: string): Promise<void> => {
  const { bytes } = await present(directory, name)
  if (bytes === null) throw tooLarge(profileFile(directory, name))
  await createFile(directory, to, bytes)
}

/** The file becomes the backup; of a symbolic link the link, and its target stays. */
export const removeFile = async (directory: string, name: string, revision: string): Promise<void> => {
  await asRevised(directory, name, revision)
  await moveOver(profileFile(directory, name), backupFile(directory, name))
}

/** Profile and backup change places; where there is no profile, the backup becomes it. */
export const restoreFile = async (directory: string, name: string): Promise<string> => {
  const backup = await observeFile(backupFile(directory, name))
  if (backup === null || backup.bytes === null || backup.text === null) throw nothingToRestore(name)
  const before = await observeFile(profileFile(directory, name))
  if (before !== null && isDamaged(before)) throw heldByEditor(name)
  if (before !== null)
    return backup.revision === before.revision ? before.revision : replaceText(directory, name, before, backup.bytes)
  await moveToFreeName(backupFile(directory, name), profileFile(directory, name))
  return backup.revision
}
