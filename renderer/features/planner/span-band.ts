import { renderSpan } from '../../../domain/planner/figures.ts'

/** Hours beside minutes are hard to compare: from here on a band is told in hours. */
const IN_HOURS = 3600

const hours = (seconds: number): string => (Math.ceil(Number((seconds / 360).toFixed(6))) / 10).toFixed(1)

/** When something is through, at the earliest and at the latest: `1.9 – 2.1 h`, `45 s – 3.2 h`. Never told too short. */
export const renderSpanBand = (earliestSeconds: number, latestSeconds: number): string => {
  const latest = renderSpan(latestSeconds)
  const isInHours = latest.endsWith(' h') && earliestSeconds >= IN_HOURS
  const earliest = isInHours ? `${hours(earliestSeconds)} h` : renderSpan(earliestSeconds)
  if (earliest === latest) return latest
  const [number = '', unit] = earliest.split(' ')
  return latest.endsWith(` ${unit}`) ? `${number} – ${latest}` : `${earliest} – ${latest}`
}
