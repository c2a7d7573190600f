import type { z } from 'zod'
import { MoleError } from '../contract/errors.ts'
import { plainText } from './plain-text.ts'

/** Strict decimal, so that `0x10`, `1e1` and an empty text are refused and not guessed at. */
export const wholeNumber = (text: string): number => (/^-?[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN)

/**
 * Reads a number option or operand by the contract's own rule for it. `name` is what the person wrote, such as `--tunnels`.
 * @throws MoleError `bad-input` naming it, its value and the reason.
 */
export const parseNumber = (rule: z.ZodNumber, text: string, name: string): number => {
  const parsed = rule.safeParse(wholeNumber(text))
  if (parsed.success) return parsed.data
  const range = `must be a whole number from ${rule.minValue ?? 0} to ${rule.maxValue ?? 'any'}`
  throw new MoleError('bad-input', `${name} ${plainText(text)}: ${range}`, {
    field: name,
    meaning: 'Nothing was changed.',
    nextStep: `Correct ${name} and try again.`,
  })
}
