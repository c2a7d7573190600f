import { parseArgs } from 'node:util'
import { MoleError } from '../contract/errors.ts'

export type HelperArguments = { readonly directory: string; readonly isLab: boolean }

const USAGE = 'helper serve --directory DIR [--lab]'

const unusable = (why: string): MoleError =>
  new MoleError('bad-input', `The helper was started wrongly: ${why}.`, {
    field: 'arguments',
    nextStep: `Use: ${USAGE}`,
  })

/** Reads the command line (without program and script). @throws MoleError `bad-input`. */
export const parseArguments = (argv: readonly string[]): HelperArguments => {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { directory: { type: 'string' }, lab: { type: 'boolean', default: false } },
      allowPositionals: true,
    })
    if (positionals.length !== 1 || positionals[0] !== 'serve') throw unusable('the only command is "serve"')
    if (values.directory === undefined || values.directory === '') throw unusable('--directory is missing')
    return { directory: values.directory, isLab: values.lab }
  } catch (error) {
    throw error instanceof MoleError ? error : unusable((error as Error).message)
  }
}
