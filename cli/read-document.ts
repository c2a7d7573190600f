import { buffer } from 'node:stream/consumers'
import { MoleError } from '../contract/errors.ts'
import { observeFile } from '../engine/profiles/observe-file.ts'
import { decodeText } from '../engine/profiles/profile-text.ts'
import { explainFileError } from '../engine/profiles/refusals.ts'
import { STDIN } from './stdin.ts'

const unusable = (path: string, what: string): MoleError =>
  new MoleError('bad-input', `${path === STDIN ? 'stdin' : path} ${what}.`, {
    field: path,
    meaning: 'Nothing was changed.',
    nextStep: 'Check the name of the file, and what is in it.',
  })

const readStdin = async (): Promise<string> => {
  const text = decodeText(await buffer(process.stdin))
  if (text === null) throw unusable(STDIN, 'holds no UTF-8 text')
  return text
}

/** Reads a document of the person's; `-` is stdin. @throws MoleError naming it, when it is not there or no text. */
export const readDocument = async (path: string): Promise<string> => {
  if (path === STDIN) return readStdin()
  const file = await observeFile(path).catch((error: unknown) => {
    throw explainFileError(error, path, 'read')
  })
  if (file === null) throw unusable(path, 'is not there')
  if (file.bytes === null) throw unusable(path, 'is larger than a configuration can be')
  if (file.text === null) throw unusable(path, 'holds no UTF-8 text')
  return file.text
}
