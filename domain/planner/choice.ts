import { MAX_TUNNELS_PER_BASTION } from '../tunnel-plan.ts'
import { type Capacity, capacityOf, type Shape } from './capacity.ts'
import type { Conditions } from './conditions.ts'
import { type HourlyCost, hourlyCostOf, transferUsd } from './cost.ts'
import { type FinishBand, finishOf } from './finish.ts'
import type { Goal } from './goal.ts'
import { payloadShare } from './overhead.ts'
import type { InstanceType, PriceTable, RegionPrices } from './price-table.ts'

const BYTES_PER_TB = 1e12

/** `maybe`: only while a burst lasts. */
export type Verdict = 'yes' | 'maybe' | 'no'

export type TotalCost = {
  readonly transferUsd: number
  /** Where it finishes at the earliest, and at the latest. */
  readonly leastUsd: number
  readonly mostUsd: number
}

export type Choice = Shape & {
  readonly tunnels: number
  readonly capacity: Capacity
  readonly hourly: HourlyCost
  /** Instances and data transfer of 10¹² bytes of payload at the steady rate, the first of the month. */
  readonly usdPerTb: number
  /** Of a goal in bytes; `null` of a rate. */
  readonly finish: FinishBand | null
  readonly total: TotalCost | null
  /** Hours at the rate wanted that the budget pays for, data transfer and all; `null` without a rate or a budget. */
  readonly budgetHours: number | null
  /** `null` where the goal does not ask for it. */
  readonly meets: {
    readonly rate: Verdict | null
    readonly deadline: Verdict | null
    readonly budget: Verdict | null
  }
  /** Whether the configuration allows this type. */
  readonly isAllowed: boolean
}

const judge = (surely: boolean, perhaps: boolean): Verdict => {
  if (surely) return 'yes'
  return perhaps ? 'maybe' : 'no'
}

/** Hours at least one minute long: EC2 bills by the second, and no less than a minute. */
const billedHours = (seconds: number): number => Math.max(60, seconds) / 3600

const verdicts = (
  goal: Goal,
  { steady, burst }: Capacity,
  finish: FinishBand | null,
  total: TotalCost | null,
): Choice['meets'] => {
  if (goal.kind === 'rate' || finish === null || total === null) {
    const wanted = goal.kind === 'rate' ? goal.bitsPerSecond : 0
    const fastest = burst ?? steady
    return {
      rate: judge(steady.bitsPerSecond >= wanted, fastest.bitsPerSecond >= wanted),
      deadline: null,
      budget: null,
    }
  }
  const { withinSeconds: within, budgetUsd: budget } = goal
  return {
    rate: null,
    deadline: within === null ? null : judge(finish.latestSeconds <= within, finish.earliestSeconds <= within),
    budget: budget === null ? null : judge(total.mostUsd <= budget, total.leastUsd <= budget),
  }
}

/** @param transferPerTb US dollars of data transfer for 10¹² bytes of payload */
const budgetHoursOf = (goal: Goal, { steady }: Capacity, hourlyUsd: number, transferPerTb: number): number | null => {
  if (goal.kind === 'bytes' || goal.budgetUsd === null) return null
  const tbPerHour = (Math.min(goal.bitsPerSecond, steady.bitsPerSecond) * 3600) / 8 / BYTES_PER_TB
  return goal.budgetUsd / (hourlyUsd + tbPerHour * transferPerTb)
}

/** A shape with everything that follows from it; `null` where a price is not known. */
const choiceOf = (
  shape: Shape,
  goal: Goal,
  conditions: Conditions,
  table: PriceTable,
  prices: RegionPrices,
): Choice | null => {
  const { type, instances, tunnelsPerInstance } = shape
  const share = payloadShare(conditions.mtuBytes)
  const hourly = hourlyCostOf(type.name, instances, prices, conditions)
  const perTb = transferUsd(BYTES_PER_TB / share, conditions, prices)
  if (hourly === null || perTb === null) return null
  const capacity = capacityOf(shape, table.network, conditions)
  const finish = goal.kind === 'bytes' ? finishOf(goal.bytes, capacity, table.network) : null
  const transfer = goal.kind === 'bytes' ? (transferUsd(goal.bytes / share, conditions, prices) ?? 0) : 0
  const cost = (seconds: number): number => hourly.totalUsd * billedHours(seconds) + transfer
  const total =
    finish === null
      ? null
      : { transferUsd: transfer, leastUsd: cost(finish.earliestSeconds), mostUsd: cost(finish.latestSeconds) }
  return {
    ...shape,
    tunnels: instances * tunnelsPerInstance,
    capacity,
    hourly,
    usdPerTb: perTb + hourly.totalUsd * billedHours((BYTES_PER_TB * 8) / capacity.steady.bitsPerSecond),
    finish,
    total,
    budgetHours: budgetHoursOf(goal, capacity, hourly.totalUsd, perTb),
    meets: verdicts(goal, capacity, finish, total),
    isAllowed: conditions.allowedTypes.includes(type.name),
  }
}

/**
 * The fewest tunnels, of those allowed, that carry as much as the most would; `null` where there is none for each.
 */
const tunnelsFor = (
  type: InstanceType,
  instances: number,
  table: PriceTable,
  conditions: Conditions,
): number | null => {
  const most = Math.min(MAX_TUNNELS_PER_BASTION, Math.floor(conditions.maxTunnels / instances))
  const carried = (tunnelsPerInstance: number): number => {
    const { steady, burst } = capacityOf({ type, instances, tunnelsPerInstance }, table.network, conditions)
    return (burst ?? steady).bitsPerSecond
  }
  const counts = Array.from({ length: most }, (_, index) => index + 1)
  const allowed = counts.filter((count) => count * instances >= conditions.minTunnels)
  return allowed.find((count) => carried(count) >= carried(most) * (1 - 1e-9)) ?? null
}

/** Every type that has a price, in every number that is allowed, each with as many tunnels as it can use. */
export const enumerateChoices = (
  goal: Goal,
  conditions: Conditions,
  table: PriceTable,
  prices: RegionPrices,
): Choice[] =>
  table.types.flatMap((type) =>
    Array.from({ length: conditions.maxInstances }, (_, index) => index + 1).flatMap((instances) => {
      const tunnelsPerInstance = tunnelsFor(type, instances, table, conditions)
      if (tunnelsPerInstance === null) return []
      return choiceOf({ type, instances, tunnelsPerInstance }, goal, conditions, table, prices) ?? []
    }),
  )
