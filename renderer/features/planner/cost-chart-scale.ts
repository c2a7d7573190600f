/** Logarithmic axes for numbers that differ by powers of ten. Pure. */

export type Scale = { readonly from: number; readonly to: number; readonly ticks: readonly number[] }

const MINUTE = 60
const HOUR = 3600
const DAY = 86_400

/** Steps of time that people count in, in seconds. */
const TIMES = [1, 10, MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY, 365 * DAY, 3650 * DAY] as const

/** Room beyond the outermost values, as a share of a power of ten. */
const ROOM = 0.12

const decades = (from: number, to: number): number[] => {
  const all: number[] = []
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power += 1)
    all.push(...[1, 2, 5].map((lead) => lead * 10 ** power))
  return all
}

/** At most `most`, evenly thinned. */
const thinned = (ticks: readonly number[], most: number): number[] => {
  const step = Math.ceil(ticks.length / most)
  return ticks.filter((_, index) => index % step === 0)
}

/**
 * An axis that shows all `values` (above 0), with readable ticks.
 * @param kind `time`: ticks are seconds, minutes, hours and days; `number`: 1, 2 and 5 times a power of ten
 */
export const logScale = (values: readonly number[], kind: 'time' | 'number'): Scale => {
  const sound = values.filter((value) => value > 0 && Number.isFinite(value))
  const [least, most] = sound.length === 0 ? [1, 10] : [Math.min(...sound), Math.max(...sound)]
  const from = least / 10 ** ROOM
  const to = most * 10 ** ROOM
  const all = kind === 'time' ? [...TIMES] : decades(from, to)
  return {
    from,
    to,
    ticks: thinned(
      all.filter((tick) => tick >= from && tick <= to),
      6,
    ),
  }
}

/** Where a value lies on an axis, 0 … 1. */
export const shareOf = (value: number, { from, to }: Pick<Scale, 'from' | 'to'>): number =>
  Math.min(1, Math.max(0, Math.log(value / from) / Math.log(to / from)))
