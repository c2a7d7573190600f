import { z } from 'zod'

/*
 * Quantities as people write them in a configuration, and as numbers. Each codec's `decode ∘ encode` is the identity
 * on every value it accepts, so that a rendered document says exactly what the typed one did.
 */

type Unit = readonly [name: string, size: number]

/** Largest first: the renderer takes the first that divides evenly. */
const DURATION_UNITS: readonly Unit[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
]

/** Decimal and binary prefixes (IEC 80000-13). A bare number is bytes. */
const BYTE_UNITS: readonly Unit[] = [
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
  ['B', 1],
]

/** Decimal, bits per second. */
const RATE_UNITS: readonly Unit[] = [
  ['G', 1e9],
  ['M', 1e6],
  ['k', 1e3],
  ['', 1],
]

const AMOUNT = /^([0-9]{1,16})(?:\.([0-9]{1,9}))?\s?([A-Za-z]*)$/

/** The amount in the unit's base, whole; `null` when it is anything else or not a whole number of the base. */
const parseAmount = (text: string, units: readonly Unit[]): number | null => {
  const [, whole = '', fraction = '', unit = ''] = AMOUNT.exec(text) ?? []
  const size = units.find(([name]) => name.toLowerCase() === unit.toLowerCase())?.[1]
  if (whole === '' || size === undefined) return null
  // Exactly: 1.1 × 60 000 is whole, and 2^50 is not rounded.
  const [scaled, scale] = [BigInt(whole + fraction) * BigInt(size), 10n ** BigInt(fraction.length)]
  const amount = Number(scaled / scale)
  return scaled % scale === 0n && Number.isSafeInteger(amount) ? amount : null
}

const renderAmount = (amount: number, units: readonly Unit[]): string => {
  const [name, size] = units.find(([, unit]) => amount >= unit && amount % unit === 0) ?? (units.at(-1) as Unit)
  return `${amount / size}${name}`
}

/** Milliseconds of `500ms`, `30s`, `2m`, `1.5h` or `1d`; `null` when it is anything else. A unit is required. */
export const parseDuration = (text: string): number | null =>
  /[A-Za-z]$/.test(text) ? parseAmount(text, DURATION_UNITS) : null

/** The shortest way to write whole milliseconds that loses nothing: 120 000 → `2m`. */
export const renderDuration = (ms: number): string => renderAmount(ms, DURATION_UNITS)

/** Bytes of `128MiB`, `100MB` or `104857600`; `null` when it is anything else. */
export const parseByteCount = (text: string): number | null =>
  parseAmount(/[A-Za-z]$/.test(text) ? text : `${text}B`, BYTE_UNITS)

/** Bits per second of `200M`, `1.5G`, `200Mbit/s` or `200000000`; `null` when it is anything else. */
export const parseRate = (text: string): number | null =>
  parseAmount(text.trim().replace(/(bit\/s|bit|bps)$/i, ''), RATE_UNITS)

/** The shortest way to write whole bits per second that loses nothing: 200 000 000 → `200M`. */
export const renderRate = (bitsPerSecond: number): string => renderAmount(bitsPerSecond, RATE_UNITS)

type Bounds = { readonly min: number; readonly max: number }

/** A number, or text that `parse` reads; typed it is the whole number of the base unit. */
const quantity = (
  parse: (text: string) => number | null,
  render: (amount: number) => string | number,
  { min, max }: Bounds,
  wanted: string,
) => {
  const refusal = { error: `must be ${wanted}` }
  return z.codec(
    z.union([z.string().max(40, refusal), z.int(refusal).min(0, refusal)], refusal),
    z
      .int()
      .min(min, { error: `must be at least ${render(min)}` })
      .max(max, { error: `must be at most ${render(max)}` }),
    {
      decode: (given, context) => {
        const amount = parse(String(given))
        if (amount !== null) return amount
        context.issues.push({ code: 'custom', input: given, message: refusal.error })
        return z.NEVER
      },
      encode: (amount) => render(amount),
    },
  )
}

/** A pattern has no flags in JSON Schema. */
const anyCase = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`)

/** Text of an amount in one of `units`, as the JSON Schema says it to editors. */
const amountText = (units: readonly string[], suffix = '') => ({
  type: 'string',
  pattern: `^[0-9]{1,16}(\\.[0-9]{1,9})?\\s?(${units.map(anyCase).join('|')})${suffix}$`,
})

const bareNumber = ({ min, max }: Bounds) => ({ type: 'integer', minimum: min, maximum: max })

const namesOf = (units: readonly Unit[]): string[] => units.map(([name]) => name)

/** A duration; typed it is milliseconds. */
export const Duration = (bounds: Bounds) =>
  quantity(parseDuration, renderDuration, bounds, 'a duration with its unit, such as 500ms, 30s, 2m or 1h').meta({
    title: `duration, ${renderDuration(bounds.min)} to ${renderDuration(bounds.max)}`,
    anyOf: [amountText(namesOf(DURATION_UNITS))],
  })

/** An amount of data; typed it is bytes. Written back as plain bytes, as `sysctl` shows them. */
export const ByteCount = (bounds: Bounds) =>
  quantity(parseByteCount, (bytes) => bytes, bounds, 'a number of bytes, such as 134217728, 128MiB or 100MB').meta({
    title: `bytes, ${bounds.min} to ${bounds.max}, or with a unit such as 128MiB`,
    anyOf: [bareNumber(bounds), amountText([...namesOf(BYTE_UNITS), ''])],
  })

/** A rate; typed it is bits per second. */
export const Rate = (bounds: Bounds) =>
  quantity(parseRate, renderRate, bounds, 'a rate in bits per second, such as 200M, 1.5G or 200000000').meta({
    title: `bits per second, ${renderRate(bounds.min)} to ${renderRate(bounds.max)}`,
    anyOf: [bareNumber(bounds), amountText(namesOf(RATE_UNITS), `(${anyCase('bit')}(/[Ss])?|${anyCase('bps')})?`)],
  })

const PERCENT = /^([0-9]{1,3}(?:\.[0-9]{1,4})?)\s?%$/

const SHARE_WANTED = { error: 'must be a share, such as 0.80 or 80%' }

/** A share of one: `0.8` or `80%`; typed it is 0–1. */
export const Share = z
  .codec(
    z.union([z.string().max(20, SHARE_WANTED), z.number()], SHARE_WANTED),
    z.number().min(0, { error: 'must be at least 0' }).max(1, { error: 'must be at most 1 (or 100%)' }),
    {
      decode: (given, context) => {
        const percent = typeof given === 'number' ? null : PERCENT.exec(given)?.[1]
        if (typeof given === 'number') return given
        if (percent !== undefined && percent !== null) return Number(percent) / 100
        context.issues.push({ code: 'custom', input: given, message: SHARE_WANTED.error })
        return z.NEVER
      },
      encode: (share) => share,
    },
  )
  .meta({
    title: 'share, 0 to 1 or 0% to 100%',
    anyOf: [
      { type: 'number', minimum: 0, maximum: 1 },
      { type: 'string', pattern: '^(100(\\.0{1,4})?|0?[0-9]{1,2}(\\.[0-9]{1,4})?)\\s?%$' },
    ],
  })
