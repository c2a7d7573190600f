import type { ConfigKey } from '../keys.ts'
import { renderValue } from '../render-value.ts'

/** A value that might have been meant, and how to write it. */
type Guess = { readonly value: unknown; readonly nextStep: string }

const write = (value: unknown, remark = ''): Guess => ({ value, nextStep: `Write ${renderValue(value)}${remark}.` })

/** Words for yes and no: booleans in YAML 1.1, text in YAML 1.2. */
const BOOLEANS = new Map<string, boolean>([
  ...['true', 'yes', 'y', 'on', '1', 'enable', 'enabled'].map((word) => [word, true] as const),
  ...['false', 'no', 'n', 'off', '0', 'disable', 'disabled'].map((word) => [word, false] as const),
])

const guessesAtText = (text: string): Guess[] => {
  const word = text.trim().toLowerCase()
  const guesses: Guess[] = []
  const flag = BOOLEANS.get(word)
  if (flag !== undefined) guesses.push(write(flag, word === String(flag) ? ' without quotes' : ''))
  if (/^(null|none|~)$/.test(word)) guesses.push(write(null, ' without quotes'))
  if (/^[0-9][0-9_, ]*(\.[0-9]+)?$/.test(word)) guesses.push(write(Number(word.replaceAll(/[_, ]/g, ''))))
  if (/^[0-9.]+\s?%$/.test(word)) guesses.push(write(Number.parseFloat(word) / 100))
  if (word !== text) guesses.push(write(word))
  if (/[\s,]/.test(word)) guesses.push(write(word.split(/[\s,]+/).filter((part) => part !== '')))
  return guesses
}

const guessesAt = (value: unknown): Guess[] => {
  if (Array.isArray(value)) return value.length === 1 ? [write(value[0])] : []
  const list = { value: [value], nextStep: `Write it as a list: ${renderValue([value])}.` }
  if (typeof value === 'string') return [...guessesAtText(value), list]
  if (typeof value !== 'number' && typeof value !== 'boolean') return []
  const flag = BOOLEANS.get(String(value))
  return [
    ...(flag !== undefined && typeof value === 'number' ? [write(flag)] : []),
    { value: String(value), nextStep: `Write ${JSON.stringify(String(value))}, in quotes.` },
    { value: `${value}%`, nextStep: `Write ${value}% if per cent are meant.` },
    { value: `${value}s`, nextStep: `Write ${value}s if seconds are meant.` },
    list,
  ]
}

const LONGEST = 200

/** How to write what was probably meant by a value that its key refuses; `null` when that is not clear. */
export const meantValue = ({ schema }: ConfigKey, value: unknown): string | null => {
  if (typeof value === 'string' && value.length > LONGEST) return null
  return guessesAt(value).find((guess) => schema.safeParse(guess.value).success)?.nextStep ?? null
}
