import { type Choice, enumerateChoices } from './choice.ts'
import type { Conditions } from './conditions.ts'
import type { Goal } from './goal.ts'
import type { PriceTable, RegionPrices } from './price-table.ts'
import { reasonFor, reasonForNone } from './reason.ts'
import { bestFirst, fits } from './recommend.ts'

export type TransferPlan = {
  readonly goal: Goal
  /** The best of each instance type: Graviton before x86, in each the best first. */
  readonly choices: readonly Choice[]
  /** One of `choices`, allowed and sure; `null` where there is none. */
  readonly recommended: Choice | null
  /** Without a recommendation: the one that comes nearest, and one that would do but is not allowed. */
  readonly nearest: Choice | null
  readonly alternative: Choice | null
  /** One or a few sentences. */
  readonly reason: string
}

const bestOfEachType = (sorted: readonly Choice[]): Choice[] =>
  sorted.filter((choice, index) => sorted.findIndex(({ type }) => type === choice.type) === index)

const gravitonFirst = (choices: readonly Choice[]): Choice[] => [
  ...choices.filter(({ type }) => type.architecture === 'arm64'),
  ...choices.filter(({ type }) => type.architecture !== 'arm64'),
]

/** What could carry a transfer, side by side, and which of them is recommended. Pure: the same in, the same out. */
export const planTransfer = (
  goal: Goal,
  conditions: Conditions,
  table: PriceTable,
  prices: RegionPrices,
): TransferPlan => {
  const sorted = bestOfEachType(enumerateChoices(goal, conditions, table, prices).sort(bestFirst(goal)))
  const first = sorted.find(({ isAllowed }) => isAllowed) ?? null
  const isSure = first !== null && fits(first)
  const alternative = isSure ? null : (sorted.find((choice) => !choice.isAllowed && fits(choice)) ?? null)
  return {
    goal,
    choices: gravitonFirst(sorted),
    recommended: isSure ? first : null,
    nearest: isSure ? null : first,
    alternative,
    reason: isSure ? reasonFor(goal, first) : reasonForNone(goal, first, alternative),
  }
}
