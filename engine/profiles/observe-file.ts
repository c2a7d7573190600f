import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { MAX_DOCUMENT_BYTES } from '../../domain/config/parse/decode-document.ts'
import { decodeText } from './profile-text.ts'
import { notAFile } from './refusals.ts'
import type { Ownership } from './replace-file.ts'

/** A file as it is at one moment. */
export type ObservedFile = Ownership & {
  /** `null` when it is larger than a profile may be. */
  readonly bytes: Buffer | null
  /** What the bytes say; `null` when they are no text. */
  readonly text: string | null
  /** SHA-256 of the bytes. */
  readonly revision: string
  readonly modifiedAtMs: number
}

export const revisionOf = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex')

const observe = async (file: FileHandle, path: string): Promise<ObservedFile> => {
  const stat = await file.stat()
  if (!stat.isFile()) throw notAFile(path)
  const read = stat.size > MAX_DOCUMENT_BYTES ? null : await file.readFile()
  // It may have grown meanwhile.
  const bytes = read !== null && read.length <= MAX_DOCUMENT_BYTES ? read : null
  return {
    bytes,
    text: bytes === null ? null : decodeText(bytes),
    revision: revisionOf(bytes ?? `${stat.ino} ${stat.size} ${stat.mtimeMs}`),
    modifiedAtMs: stat.mtimeMs,
    mode: stat.mode,
    uid: stat.uid,
    gid: stat.gid,
  }
}

/**
 * Reads a file, through symbolic links; `null` when there is none.
 * @throws MoleError `not-available` when it is no regular file; what the file system said otherwise.
 */
export const observeFile = async (path: string): Promise<ObservedFile | null> => {
  try {
    // O_NONBLOCK: a FIFO in the file's place would keep us waiting for its writer (open(2)).
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      return await observe(file, path)
    } finally {
      await file.close()
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
