import type { Conditions } from './conditions.ts'
import { BYTES_PER_GB, tieredUsd } from './cost.ts'
import { renderUsd } from './figures.ts'
import type { Goal } from './goal.ts'
import { renderStanding } from './origins.ts'
import { acknowledgementShare, mostMergedPackets, UNMERGED_PACKETS } from './overhead.ts'
import type { TransferPlan } from './plan-transfer.ts'
import type { RegionPrices, Tier } from './price-table.ts'

/** What the acknowledgements of an upload cost, each of so many packets; of a rate, of 10¹² bytes. */
const acknowledgementsUsd = (goal: Goal, mtuBytes: number, tiers: readonly Tier[], packetsEach: number): number => {
  const bytes = goal.kind === 'bytes' ? goal.bytes : 1e12
  return tieredUsd((bytes * acknowledgementShare(mtuBytes, packetsEach)) / BYTES_PER_GB, tiers)
}

/** Whether the budget holds them, and if not always, from how many merged packets on. */
const withinBudget = (
  { goal, recommended, nearest }: TransferPlan,
  usdOf: (packetsEach: number) => number,
  most: number,
): string => {
  const spent = (recommended ?? nearest)?.total?.mostUsd
  if (goal.budgetUsd === null || spent === undefined || spent > goal.budgetUsd) return ''
  const left = goal.budgetUsd - spent
  const counts = Array.from({ length: most - UNMERGED_PACKETS + 1 }, (_, index) => UNMERGED_PACKETS + index)
  const enough = counts.find((count) => usdOf(count) <= left)
  if (enough === UNMERGED_PACKETS) return ' The budget holds them in any case.'
  return enough === undefined
    ? ' The budget does not hold them.'
    : ` The budget holds them where it merges ${enough} packets or more.`
}

/**
 * What AWS bills beside an upload and no total here holds, since nobody knows it beforehand within a factor of twenty;
 * `null` of a download, which is acknowledged for nothing.
 */
export const renderAcknowledgements = (
  plan: TransferPlan,
  { direction, mtuBytes }: Pick<Conditions, 'direction' | 'mtuBytes'>,
  { dataOut }: RegionPrices,
): string | null => {
  if (direction === 'download') return null
  const what = 'Not counted: packets that acknowledge an upload leave AWS as data out'
  if (dataOut === null) return `${what}; no price of it is known.`
  const usdOf = (count: number): number => acknowledgementsUsd(plan.goal, mtuBytes, dataOut.value, count)
  const most = mostMergedPackets(mtuBytes)
  const each = plan.goal.kind === 'bytes' ? 'here' : 'a TB'
  const standing = renderStanding(dataOut.from)
  return `${what}: ${renderUsd(usdOf(most))} to ${renderUsd(usdOf(UNMERGED_PACKETS))} ${each} (price ${standing}), as the receiver merges up to ${most} packets or none.${withinBudget(plan, usdOf, most)}`
}
