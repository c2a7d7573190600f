import type { MoleError } from '../contract/errors.ts'
import { colours } from './colours.ts'
import { plainText } from './plain-text.ts'
import type { World } from './world.ts'

export type Flags = { readonly json?: boolean; readonly quiet?: boolean }

/** Where a verb says what came of it: data on stdout, everything else on stderr. */
export type Report = {
  readonly isJson: boolean
  readonly isQuiet: boolean
  /** The outcome: `fields` for programs, or `text` for people. */
  result(fields: Readonly<Record<string, unknown>>, text: string): void
  /** A word to the person, silenced by `--quiet`. */
  note(text: string): void
  /** What went wrong; programs get it on stdout as well. `text` is what was found out all the same, for people. */
  failure(
    error: Pick<MoleError, 'code' | 'message' | 'data'>,
    fields?: Readonly<Record<string, unknown>>,
    text?: string,
  ): void
}

const JSON_VERSION = 1

const renderJson = (value: Readonly<Record<string, unknown>>): string =>
  `${JSON.stringify({ version: JSON_VERSION, ...value })}\n`

/** An error may quote a console, a cloud or a file: nothing in it but the ends of its lines is for the terminal. */
const safe = (text: string): string => text.split('\n').map(plainText).join('\n')

const line = (label: string, text: string | undefined): string =>
  text === undefined ? '' : `  ${label}${safe(text)}\n`

/** An error for people: what happened, what it means, what to do. */
const renderFailure = (error: Pick<MoleError, 'message' | 'data'>, hasColour = false): string => {
  const { red, bold } = colours(hasColour)
  return `${red('mole:')} ${bold(safe(error.message))}\n${line('', error.data.meaning)}${line('Next: ', error.data.nextStep)}`
}

export const openReport = (world: World, flags: Flags): Report => {
  const isJson = flags.json === true
  const isQuiet = flags.quiet === true
  return {
    isJson,
    isQuiet,
    result: (fields, text) =>
      world.stdout(isJson ? renderJson({ ok: true, ...fields }) : text === '' ? '' : `${text}\n`),
    note: (text) => {
      if (!isQuiet) world.stderr(`${text}\n`)
    },
    failure: ({ code, message, data }, fields = {}, text = '') => {
      if (!isJson && text !== '') world.stdout(`${text}\n`)
      world.stderr(renderFailure({ message, data }, world.hasColour))
      if (isJson) world.stdout(renderJson({ ok: false, error: { code, message, data }, ...fields }))
    },
  }
}
