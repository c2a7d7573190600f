import { useMemo } from 'react'
import { ASSUMPTIONS, type Conditions } from '../../../domain/planner/conditions.ts'
import type { Goal } from '../../../domain/planner/goal.ts'
import { planTransfer, type TransferPlan } from '../../../domain/planner/plan-transfer.ts'
import type { PriceTable, RegionPrices } from '../../../domain/planner/price-table.ts'
import { MAX_TUNNELS_PER_BASTION } from '../../../domain/tunnel-plan.ts'
import type { GoalDraft } from './goal-draft.ts'

type Asked = {
  readonly goal: Goal | null
  readonly direction: GoalDraft['direction']
  readonly mtuBytes: number
  readonly allowedTypes: readonly string[]
  readonly maxBastions: number
}

export type Planned = {
  readonly plan: TransferPlan
  readonly conditions: Conditions
  readonly table: PriceTable
  readonly prices: RegionPrices
}

/** What could carry the goal in a region; `null` where there is no goal, or no price. */
export const useTransferPlan = (table: PriceTable | undefined, region: string, asked: Asked): Planned | null => {
  const { goal, direction, mtuBytes, allowedTypes, maxBastions } = asked
  return useMemo(() => {
    const prices = table?.regions.get(region)
    if (goal === null || table === undefined || prices === undefined) return null
    if (direction === 'download' && prices.dataOut === null) return null
    const conditions: Conditions = {
      ...ASSUMPTIONS,
      direction,
      mtuBytes,
      allowedTypes,
      maxInstances: maxBastions,
      minTunnels: 1,
      maxTunnels: maxBastions * MAX_TUNNELS_PER_BASTION,
      pathBitsPerSecond: null,
      streams: null,
    }
    return { plan: planTransfer(goal, conditions, table, prices), conditions, table, prices }
  }, [table, region, goal, direction, mtuBytes, allowedTypes, maxBastions])
}
