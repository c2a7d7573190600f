const scaled = (value: number, unit: string): string => `${value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${unit}`

/** A rate for people: decimal units, three figures. */
export const renderRate = (bitsPerSecond: number): string => {
  if (bitsPerSecond >= 1e9) return scaled(bitsPerSecond / 1e9, 'Gbit/s')
  if (bitsPerSecond >= 1e6) return scaled(bitsPerSecond / 1e6, 'Mbit/s')
  if (bitsPerSecond >= 1e3) return scaled(bitsPerSecond / 1e3, 'kbit/s')
  return `${Math.round(bitsPerSecond)} bit/s`
}

export const renderBytes = (bytes: number): string => {
  if (bytes >= 1e9) return scaled(bytes / 1e9, 'GB')
  if (bytes >= 1e6) return scaled(bytes / 1e6, 'MB')
  if (bytes >= 1e3) return scaled(bytes / 1e3, 'kB')
  return `${Math.round(bytes)} B`
}

/** A duration for people: `0.42 s`, `12 s`, `3 min 5 s`, `2 h 10 min`, `4 d 3 h`. */
export const renderDuration = (milliseconds: number): string => {
  const seconds = Math.max(0, milliseconds) / 1000
  if (seconds < 10) return `${seconds.toFixed(2)} s`
  if (seconds < 60) return `${Math.floor(seconds)} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`
}
