import { mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { MoleError } from '../../contract/errors.ts'
import { type DocumentChange, editDocument } from '../../domain/config/edit-document.ts'
import type { Paths } from '../paths.ts'
import { type ObservedFile, observeFile } from '../profiles/observe-file.ts'
import { explainFileError, tooLarge, unusableText } from '../profiles/refusals.ts'
import { writeUnfinished } from '../profiles/replace-file.ts'
import { withLock } from '../profiles/with-lock.ts'

/** The user's own configuration, `config.yaml`, as a file that is changed key by key. */
export type UserConfig = {
  readonly path: string
  /** Sets keys and leaves everything else as it is written. @throws MoleError when it cannot be read or written. */
  change(changes: readonly DocumentChange[]): Promise<void>
}

const textOf = (path: string, file: ObservedFile | null): string => {
  if (file === null) return ''
  if (file.bytes === null) throw tooLarge(path)
  if (file.bytes.length > 0 && file.text === null) throw unusableText(`The file ${path} holds no text`)
  return file.text ?? ''
}

const edited = (path: string, text: string, changes: readonly DocumentChange[]): string => {
  try {
    return editDocument(text, changes)
  } catch (cause) {
    throw new MoleError(
      'bad-input',
      `${path} cannot be changed: ${(cause as Error).message}`,
      { field: path, meaning: 'It is left as it is.', nextStep: `"mole config check ${path}" tells what is wrong.` },
      { cause },
    )
  }
}

/** A file kept elsewhere, by a symbolic link, stays there. */
const targetOf = (path: string, file: ObservedFile | null): Promise<string> | string =>
  file === null ? path : realpath(path)

export const openUserConfig = (paths: Paths): UserConfig => {
  const path = join(paths.config, 'config.yaml')
  const change = async (changes: readonly DocumentChange[]): Promise<void> => {
    const file = await observeFile(path)
    const bytes = Buffer.from(edited(path, textOf(path, file), changes))
    await mkdir(paths.config, { recursive: true, mode: 0o700 })
    const unfinished = await writeUnfinished(await targetOf(path, file), bytes, file)
    try {
      await unfinished.replace()
    } catch (error) {
      await unfinished.discard()
      throw error
    }
  }
  return {
    path,
    change: (changes) =>
      withLock(paths, () =>
        change(changes).catch((error: unknown) => {
          throw error instanceof MoleError ? error : explainFileError(error, path, 'written')
        }),
      ),
  }
}
