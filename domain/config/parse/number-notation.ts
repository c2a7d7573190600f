import { plainDecimal } from '../plain-decimal.ts'

/** Digits and a point, as everybody reads them. */
const ORDINARY = /^-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)$/

const NOTATIONS: readonly (readonly [RegExp, string])[] = [
  [/^0x/i, 'must not be written in hexadecimal'],
  [/^0o/i, 'must not be written in octal'],
  [/inf|nan/i, 'must be a finite number'],
  [/e/i, 'must not be written with an exponent'],
  [/^[-+]?0[0-9]/, 'must not be written with a leading zero, which some programs read as octal'],
  [/^\+/, 'must not be written with a plus sign'],
]

/**
 * What is wrong with how a number is written, `null` when nothing is. YAML 1.2 knows more notations than people do, and
 * its versions do not agree on them.
 */
export const notationProblem = (
  source: string,
  value: number,
): { readonly message: string; readonly nextStep: string | null } | null => {
  if (ORDINARY.test(source)) return null
  const message = NOTATIONS.find(([pattern]) => pattern.test(source))?.[1] ?? 'must be written in decimal digits'
  const isExact = Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER
  return { message, nextStep: isExact ? `Write ${plainDecimal(value)}, or put it in quotes if it is text.` : null }
}
