/** Numbers for people: three significant digits, SI units, a unit always. */

export type Quantity = { readonly value: string; readonly unit: string }

const threeDigits = (value: number): string => {
  if (value >= 99.95) return value.toFixed(0)
  if (value >= 9.995) return value.toFixed(1)
  return value.toFixed(2)
}

const scaled = (value: number, units: readonly string[], zero: string): Quantity => {
  if (!(value >= 1)) return { value: '0', unit: zero }
  // 999.6 k would print as "1000 k": the rounding decides the unit.
  const power = Math.min(Math.floor(Math.log10(value * 1.0005) / 3), units.length - 1)
  const inUnit = value / 1000 ** power
  return { value: power === 0 ? inUnit.toFixed(0) : threeDigits(inUnit), unit: units[power] as string }
}

/** A rate in bits per second. */
export const quantifyRate = (bitsPerSecond: number): Quantity =>
  scaled(bitsPerSecond, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'], 'Mbit/s')

/** An amount in bytes, decimal as link rates are. */
export const quantifyBytes = (bytes: number): Quantity => scaled(bytes, ['B', 'kB', 'MB', 'GB', 'TB', 'PB'], 'MB')

const joined = ({ value, unit }: Quantity): string => `${value} ${unit}`

export const renderRate = (bitsPerSecond: number): string => joined(quantifyRate(bitsPerSecond))
/** A rate beside an axis, where there is little room: `0`, `250 Mb/s`. */
export const renderRateTick = (bitsPerSecond: number): string => {
  if (bitsPerSecond === 0) return '0'
  const { value, unit } = quantifyRate(bitsPerSecond)
  return `${Number(value)} ${unit.replace('bit/s', 'b/s')}`
}
export const renderBytes = (bytes: number): string => joined(quantifyBytes(bytes))

/** Round-trip time. Below 10 ms tenths matter, below 1 ms hundredths. */
export const quantifyMs = (ms: number): Quantity => ({
  value: ms < 0.995 ? ms.toFixed(2) : ms < 9.95 ? ms.toFixed(1) : ms.toFixed(0),
  unit: 'ms',
})
export const renderMs = (ms: number): string => joined(quantifyMs(ms))

/** A share 0–1 as per cent; small losses must not look like none. */
export const quantifyRatio = (ratio: number): Quantity => {
  const percent = ratio * 100
  const value = percent === 0 ? '0' : percent < 0.1 ? '<0.1' : percent < 10 ? percent.toFixed(1) : percent.toFixed(0)
  return { value, unit: '%' }
}
export const renderRatio = (ratio: number): string => joined(quantifyRatio(ratio))

/** A share 0–1 as whole per cent, for what nobody tells finer: load, utilisation, thresholds. */
export const quantifyShare = (share: number): Quantity => ({ value: (share * 100).toFixed(0), unit: '%' })
export const renderShare = (share: number): string => joined(quantifyShare(share))

const twoDigits = (value: number): string => String(value).padStart(2, '0')

/** A length of time: `4.2 s`, `3 min 05 s`, `2 h 07 min`, `3 d 4 h`. */
export const renderDuration = (ms: number): string => {
  const seconds = Math.max(0, ms) / 1000
  if (seconds < 60) return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${twoDigits(Math.floor(seconds % 60))} s`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h ${twoDigits(minutes % 60)} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** A length of time to the minute, for what nobody watches run: `under 1 min`, `12 min`, `2 h 07 min`, `3 d 4 h`. */
export const renderMinutes = (ms: number): string => {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return 'under 1 min'
  return minutes < 60 ? `${minutes} min` : renderDuration(ms)
}

/** Seconds since a handshake, coarse: it only moves every two minutes. */
export const renderAge = (seconds: number): string =>
  seconds < 60 ? `${Math.floor(seconds)} s` : `${Math.floor(seconds / 60)} min ${twoDigits(Math.floor(seconds % 60))} s`

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

/** Time of day; with the day when it was not today. */
export const renderTime = (atMs: number, nowMs = Date.now()): string =>
  (new Date(atMs).toDateString() === new Date(nowMs).toDateString() ? clock : dayAndClock).format(atMs)

/** US dollars: cents, or more digits where cents would hide the number. */
export const renderUsd = (usd: number): string => {
  if (usd === 0) return '$0'
  return usd < 0.1 ? `$${usd.toFixed(4)}` : `$${usd.toFixed(2)}`
}

/** What is not known is a dash. */
export const orDash = <Value>(value: Value | null | undefined, render: (value: Value) => string): string =>
  value == null ? '–' : render(value)

/** `1 tunnel`, `4 tunnels`. */
export const renderCount = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
