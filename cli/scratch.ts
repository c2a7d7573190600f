import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MoleError } from '../contract/errors.ts'
import { observeFile } from '../engine/profiles/observe-file.ts'
import { tooLarge } from '../engine/profiles/refusals.ts'
import { runHere } from './run-here.ts'
import type { Scratch } from './world.ts'

/** POSIX names vi as the editor everybody has. */
const OTHERWISE = 'vi'

/** Which editor the person wants (environ(7)), with its options; blanks separate them, and no shell reads them. */
export const editorOf = (env: NodeJS.ProcessEnv): [program: string, ...options: string[]] => {
  const wanted = [env.VISUAL, env.EDITOR].find((each) => (each ?? '').trim() !== '') ?? OTHERWISE
  const [program = OTHERWISE, ...options] = wanted.trim().split(/\s+/)
  return [program, ...options]
}

const noEditor = (program: string): MoleError =>
  new MoleError('missing-program', `The editor "${program}" is not installed.`, {
    field: 'VISUAL',
    meaning: 'Nothing was changed.',
    nextStep: 'Name the one you use: VISUAL=nano mole profiles edit NAME',
  })

const leftEditor = (program: string, code: number): MoleError =>
  new MoleError('cancelled', `The editor "${program}" ended with code ${code}.`, {
    field: 'editor',
    meaning: 'That says that the text is not to be saved. Nothing was changed.',
    nextStep: 'Give the command again when ready.',
  })

const noText = (path: string): MoleError =>
  new MoleError('bad-input', 'What the editor saved is empty, or no UTF-8 text.', {
    field: 'text',
    meaning: `Nothing was changed. It is kept in ${path}.`,
    nextStep: 'Give the command again.',
  })

const textGone = (): MoleError =>
  new MoleError('cancelled', 'The editor took the text away.', {
    field: 'text',
    meaning: 'That says that it is not to be saved. Nothing was changed.',
    nextStep: 'Give the command again when ready.',
  })

/** What the editor left; `null` for nothing. @throws MoleError when that is no text; it is kept. */
const readEdited = async (path: string): Promise<string | null> => {
  const file = await observeFile(path)
  if (file === null) return null
  if (file.bytes === null) throw tooLarge(path)
  if (file.text === null) throw noText(path)
  return file.text
}

const missing = (error: unknown, program: string): unknown =>
  error instanceof MoleError && error.code === 'missing-program' ? noEditor(program) : error

/** Writes `text` where nobody else can read it, for the editor that `env` names. */
export const openScratch = async (
  fileName: string,
  text: string,
  env: NodeJS.ProcessEnv,
  run: typeof runHere = runHere,
): Promise<Scratch> => {
  const directory = await mkdtemp(join(tmpdir(), 'mole-edit-'))
  const path = join(directory, fileName)
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true })
  await writeFile(path, text, { flag: 'wx', mode: 0o600 })
  return {
    path,
    remove,
    edit: async () => {
      const [program, ...options] = editorOf(env)
      const output = process.stdout.isTTY ? 'stdout' : 'stderr'
      const code = await run(program, [...options, path], {}, output).catch(async (error: unknown) => {
        await remove()
        throw missing(error, program)
      })
      if (code !== 0) {
        await remove()
        throw leftEditor(program, code)
      }
      const edited = await readEdited(path)
      if (edited !== null) return edited
      await remove()
      throw textGone()
    },
  }
}
