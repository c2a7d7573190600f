import { type ErrorData, MoleError } from '../contract/errors.ts'

/** `what` is part of the specification, and not of this version: what is missing, and what works now. */
export const notInThisVersion = (
  what: string,
  data: Required<Pick<ErrorData, 'field' | 'meaning' | 'nextStep'>>,
): MoleError => new MoleError('not-available', `${what} is not part of this version.`, data)
