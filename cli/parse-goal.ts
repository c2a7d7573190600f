import { MoleError } from '../contract/errors.ts'
import { parseByteCount, parseDuration, parseRate } from '../domain/config/quantities.ts'
import { nearWord } from '../domain/near-word.ts'
import { DIRECTIONS, type Direction, type Goal } from '../domain/planner/goal.ts'
import { plainText } from './plain-text.ts'

export type GoalOptions = {
  readonly rate?: string
  readonly bytes?: string
  readonly by?: string
  readonly budget?: string
}

const NOTHING = 'Nothing was planned.'

const refused = (flag: string, text: string, wanted: string, hint?: string): MoleError =>
  new MoleError('bad-input', `${flag} ${plainText(text).slice(0, 80)}: must be ${wanted}`, {
    field: flag,
    meaning: NOTHING,
    nextStep: hint === undefined ? `Correct ${flag} and try again.` : `Did you mean "${flag} ${hint}"?`,
  })

const LEAST_RATE = 1e6

/** @throws MoleError `bad-input` naming the option. */
export const parseRateOption = (flag: string, text: string, counted = 'of payload'): number => {
  // "GBps" would be bytes: eight times what "Gbps" is.
  const rate = text.endsWith('Bps') ? null : parseRate(text)
  const isBare = /^[0-9.]+$/.test(text)
  if (rate !== null && rate >= LEAST_RATE && rate <= 1e13) return rate
  const wanted = `a rate ${counted} from 1M to 10000G, such as 5G or 800M`
  throw refused(flag, text, wanted, isBare && Number(text) > 0 && Number(text) < 1e4 ? `${text}G` : undefined)
}

const AMOUNT = 'an amount of payload from 1MB to 1000PB, such as 40TB or 500GiB'

const VOLUME = /^([0-9]{1,9})(?:\.([0-9]{1,6}))?\s?(TB|TiB|PB|PiB)$/i
const LARGE = { tb: 1e12, tib: 2 ** 40, pb: 1e15, pib: 2 ** 50 } as const

const volumeOf = (text: string): number | null => {
  const [, whole = '', fraction = '0', unit = ''] = VOLUME.exec(text) ?? []
  const size = LARGE[unit.toLowerCase() as keyof typeof LARGE]
  return size === undefined ? parseByteCount(text) : Math.round(Number(`${whole}.${fraction}`) * size)
}

/** `40Tb` is forty terabits to some: eight times less. */
const BITS = /[KMGTP]i?b$/

/** @throws MoleError `bad-input` naming the option. */
const parseVolume = (text: string): number => {
  if (BITS.test(text)) throw refused('--bytes', text, AMOUNT, text.replace(/b$/, 'B'))
  const bytes = volumeOf(text)
  if (bytes !== null && bytes >= 1e6 && bytes <= 1e18) return bytes
  const hint = /^[0-9.]+\s?[KMGTP]$/i.test(text) ? `${text}B` : /^[0-9.]{1,6}$/.test(text) ? `${text}TB` : undefined
  throw refused('--bytes', text, AMOUNT, hint)
}

/** Minutes may be left out, seconds too; without a zone it is this machine's time (ECMA-262, Date Time String). */
const MOMENT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?$/

/** `Date.parse` takes the 29th of February for the 1st of March. */
const isDay = (day: string): boolean => {
  const ms = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day)
}

/** A day alone is its end. */
const momentOf = (text: string): number => {
  if (!MOMENT.test(text) || !isDay(text.slice(0, 10))) return Number.NaN
  return Date.parse(text.includes('T') ? text : `${text}T23:59:59`)
}

/** @throws MoleError `bad-input` naming the option. */
const parseBy = (text: string, nowMs: number): number => {
  const stretch = parseDuration(text)
  const withinMs = stretch ?? momentOf(text) - nowMs
  if (Number.isNaN(withinMs))
    throw refused('--by', text, 'a moment such as 2026-11-28T18:00, a day, or a stretch of time such as 36h or 7d')
  if (withinMs < 60_000) throw refused('--by', text, 'at least a minute from now')
  return withinMs / 1000
}

/** @throws MoleError `bad-input` naming the option. */
const parseBudget = (text: string): number => {
  const [, usd] = /^\$?([0-9]{1,9}(?:\.[0-9]{1,2})?)$/.exec(text) ?? []
  if (usd === undefined || Number(usd) === 0) throw refused('--budget', text, 'US dollars, such as 60 or 12.50')
  return Number(usd)
}

const needed = (message: string, field: string, nextStep: string): MoleError =>
  new MoleError('bad-input', message, { field, meaning: NOTHING, nextStep })

/** What the options of `mole plan` ask for. @throws MoleError `bad-input` naming the option. */
export const parseGoal = ({ rate, bytes, by, budget }: GoalOptions, nowMs: number): Goal => {
  const budgetUsd = budget === undefined ? null : parseBudget(budget)
  if (rate !== undefined && bytes !== undefined)
    throw needed('--rate and --bytes were both given.', '--bytes', 'Give a rate, or an amount with --by and --budget.')
  if (rate !== undefined) {
    if (by !== undefined)
      throw needed(
        '--by needs --bytes: a rate has no end.',
        '--by',
        'Give --bytes in place of --rate, or leave out --by.',
      )
    return { kind: 'rate', bitsPerSecond: parseRateOption('--rate', rate), budgetUsd }
  }
  if (bytes === undefined)
    throw needed('mole plan needs a goal.', '--rate', 'Give --rate 5G, or --bytes 40TB with --by and --budget.')
  const withinSeconds = by === undefined ? null : parseBy(by, nowMs)
  return { kind: 'bytes', bytes: parseVolume(bytes), withinSeconds, budgetUsd }
}

/** @throws MoleError `bad-input` naming the option. */
export const parseDirection = (text: string): Direction => {
  const found = DIRECTIONS.find((direction) => direction === text)
  if (found !== undefined) return found
  throw refused('--direction', text, 'upload or download', nearWord(text, DIRECTIONS) ?? undefined)
}
