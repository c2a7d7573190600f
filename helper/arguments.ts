import { parseArgs } from 'node:util'
import { MoleError } from '../contract/errors.ts'

export type HelperArguments = {
  readonly directory: string
  readonly isLab: boolean
  /** Whom to serve, beside root, on the socket that systemd made; `null`: a socket of our own, for our own user. */
  readonly allowedUid: number | null
}

const USAGE = 'helper serve --directory DIR [--lab | --allow-uid UID]'

const unusable = (why: string): MoleError =>
  new MoleError('bad-input', `The helper was started wrongly: ${why}.`, {
    field: 'arguments',
    nextStep: `Use: ${USAGE}`,
  })

/** 2³²−1 means "no user" (`chown(2)`). */
const parseUid = (text: string): number => {
  const uid = Number(text)
  if (!/^[0-9]{1,10}$/.test(text) || uid >= 4_294_967_295) throw unusable('--allow-uid takes the number of a user')
  return uid
}

/** Reads the command line (without program and script). @throws MoleError `bad-input`. */
export const parseArguments = (argv: readonly string[]): HelperArguments => {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: {
        directory: { type: 'string' },
        lab: { type: 'boolean', default: false },
        'allow-uid': { type: 'string' },
      },
      allowPositionals: true,
    })
    if (positionals.length !== 1 || positionals[0] !== 'serve') throw unusable('the only command is "serve"')
    if (values.directory === undefined || values.directory === '') throw unusable('--directory is missing')
    const uid = values['allow-uid']
    if (uid !== undefined && values.lab) throw unusable('a lab is for its own user alone')
    return { directory: values.directory, isLab: values.lab, allowedUid: uid === undefined ? null : parseUid(uid) }
  } catch (error) {
    throw error instanceof MoleError ? error : unusable((error as Error).message)
  }
}
