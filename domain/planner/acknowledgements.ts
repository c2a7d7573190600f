import type { Conditions } from './conditions.ts'
import { tieredUsd } from './cost.ts'
import { renderUsd } from './figures.ts'
import type { Goal } from './goal.ts'
import { renderStanding } from './origins.ts'
import { acknowledgementShare } from './overhead.ts'
import type { RegionPrices } from './price-table.ts'

/** What AWS bills beside an upload and no total here holds; `null` of a download, which is acknowledged for nothing. */
export const renderAcknowledgements = (
  goal: Goal,
  { direction, mtuBytes }: Pick<Conditions, 'direction' | 'mtuBytes'>,
  { dataOut }: RegionPrices,
): string | null => {
  if (direction === 'download') return null
  const what = 'Not counted: packets that acknowledge an upload leave AWS as data out'
  if (dataOut === null) return `${what}; no price of it is known.`
  const payloadBytes = goal.kind === 'bytes' ? goal.bytes : 1e12
  const usd = tieredUsd((payloadBytes * acknowledgementShare(mtuBytes)) / 1e9, dataOut.value)
  const each = goal.kind === 'bytes' ? 'here' : 'a TB'
  return `${what}: up to ${renderUsd(usd)} ${each} (price ${renderStanding(dataOut.from)}), less where the receiver merges packets.`
}
