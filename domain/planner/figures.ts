/** A rate for people, three figures: `950 Mbit/s`, `4.62 Gbit/s`. */
export const renderBitRate = (bitsPerSecond: number): string => {
  const [value, unit] = bitsPerSecond >= 1e9 ? [bitsPerSecond / 1e9, 'Gbit/s'] : [bitsPerSecond / 1e6, 'Mbit/s']
  return `${threeFigures(value)} ${unit}`
}

const threeFigures = (value: number): string => {
  if (value >= 100) return value.toFixed(0)
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

/** US dollars: cents, and below a dollar as many places as tell something. */
export const renderUsd = (usd: number): string => {
  if (usd >= 1 || usd === 0) return `$${usd.toFixed(2)}`
  return `$${usd.toFixed(usd >= 0.1 ? 3 : 4)}`
}

const ROUGHLY = [
  ['d', 86_400, 48 * 3600],
  ['h', 3600, 2 * 3600],
  ['min', 60, 120],
] as const

/** A stretch of time for people, rounded up so that it is never said to be shorter: `45 s`, `3.2 h`, `6.1 d`. */
export const renderSpan = (seconds: number): string => {
  const [unit, size] = ROUGHLY.find(([, , from]) => seconds >= from) ?? ['s', 1]
  const tenths = Math.ceil(Number(((seconds / size) * 10).toFixed(6)))
  return `${unit === 's' ? Math.ceil(tenths / 10) : (tenths / 10).toFixed(1)} ${unit}`
}

/** Decimal units, as disks are sold: `40 TB`. */
export const renderVolume = (bytes: number): string => {
  const [unit, size] = bytes >= 1e12 ? ['TB', 1e12] : bytes >= 1e9 ? ['GB', 1e9] : ['MB', 1e6]
  return `${Number((bytes / (size as number)).toFixed(2))} ${unit}`
}

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`

/** `2 × c6gn.large with 4 tunnels` */
export const renderShape = (type: string, instances: number, tunnels: number): string =>
  `${instances} × ${type} with ${plural(tunnels, 'tunnel')}`
