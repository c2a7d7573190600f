import { MoleError } from '../../contract/errors.ts'
import { plainText } from '../plain-text.ts'

const NOTHING = 'Nothing was measured.'

/** An option or operand that cannot be taken as it was given: `reason` follows what was written. */
export const refused = (name: string, given: string, reason: string, nextStep?: string): MoleError =>
  new MoleError('bad-input', `${name} ${plainText(given).slice(0, 120)}: ${reason}`, {
    field: name,
    meaning: NOTHING,
    nextStep: nextStep ?? `Correct ${name} and try again.`,
  })

/** Options that do not go together. */
export const contradicted = (message: string, field: string, nextStep: string): MoleError =>
  new MoleError('bad-input', message, { field, meaning: NOTHING, nextStep })
