import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MoleError } from '../contract/errors.ts'

export type NewFile = { readonly name: string; readonly text: string }

const notWritten = (path: string, { code, message }: NodeJS.ErrnoException): MoleError =>
  code === 'EEXIST'
    ? new MoleError('conflict', `${path} is there already.`, {
        field: path,
        meaning: 'Nothing is ever written over. No file was written.',
        nextStep: 'Move it away, or write to another place.',
      })
    : new MoleError('not-available', `${path} cannot be written (${code ?? message}).`, {
        field: path,
        meaning: 'No file was written.',
        nextStep: 'Check the permissions of the directory and the free space on its disk.',
      })

/**
 * Writes all of `files` into `directory` (made where it is not there, 0700) or none of them, each for its owner alone
 * from birth. Gives their paths.
 * @throws MoleError `conflict` naming a file that is there already, `not-available` when one cannot be written.
 */
export const writeNewFiles = async (directory: string, files: readonly NewFile[]): Promise<string[]> => {
  const written: string[] = []
  let path = directory
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    for (const { name, text } of files) {
      path = join(directory, name)
      await writeFile(path, text, { flag: 'wx', mode: 0o600 })
      written.push(path)
    }
    return written
  } catch (error) {
    // One that was begun is ours too, unless it was there before.
    const begun = (error as NodeJS.ErrnoException).code === 'EEXIST' ? written : [...written, path]
    await Promise.all(begun.filter((each) => each !== directory).map((each) => rm(each, { force: true })))
    throw notWritten(path, error as NodeJS.ErrnoException)
  }
}
