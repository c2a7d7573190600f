import { damagedFile, profileFile } from './file-names.ts'
import { type ObservedFile, observeFile } from './observe-file.ts'
import { moveToFreeName } from './replace-file.ts'

/** An editor that empties the file before it writes is done by then. */
const SETTLED_MS = 2000

/** It holds no text: what a crash or another program left of it. One that is merely too large is not damaged. */
export const isDamaged = ({ bytes, text }: ObservedFile): boolean => bytes !== null && text === null

/** It has not changed for a while, so nobody is in the middle of writing it. A time to come counts as long past. */
export const isSettled = ({ modifiedAtMs }: ObservedFile, nowMs: number): boolean =>
  Math.abs(nowMs - modifiedAtMs) >= SETTLED_MS

/**
 * Moves a profile's file aside when it is damaged, and says where to; `null` when it is not. Of a symbolic link the link
 * is moved. The caller holds the lock.
 */
export const setAside = async (directory: string, name: string, nowMs: number): Promise<string | null> => {
  const path = profileFile(directory, name)
  const file = await observeFile(path)
  if (file === null || !isDamaged(file) || !isSettled(file, nowMs)) return null
  const movedTo = damagedFile(path, nowMs)
  await moveToFreeName(path, movedTo)
  return movedTo
}
