import { create } from 'zustand'
import type { Direction, Goal } from '../../../domain/planner/goal.ts'

/** What somebody wants to move, while it is being written. */
export type GoalDraft = {
  readonly kind: Goal['kind']
  readonly rateGigabits: number | string
  readonly amount: number | string
  readonly unit: 'GB' | 'TB' | 'PB'
  /** Local time, as a date field has it; empty: whenever. */
  readonly by: string
  readonly budgetUsd: number | string
  readonly direction: Direction
}

export type GoalErrors = Partial<Record<'rateGigabits' | 'amount' | 'by' | 'budgetUsd', string>>

const BYTES = { GB: 1e9, TB: 1e12, PB: 1e15 } as const
const BITS_PER_GIGABIT = 1e9
const LEAST_MS = 60_000

/** `2026-11-28T18:00`, in this machine's own time. */
export const localMoment = (atMs: number): string => {
  const at = new Date(atMs)
  return new Date(atMs - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

const numberOf = (value: number | string): number => (value === '' ? Number.NaN : Number(value))

const errorsOf = (draft: GoalDraft, nowMs: number): GoalErrors => {
  const errors: GoalErrors = {}
  const rate = numberOf(draft.rateGigabits)
  const bytes = numberOf(draft.amount) * BYTES[draft.unit]
  if (draft.kind === 'rate' && !(rate >= 0.001 && rate <= 10_000)) errors.rateGigabits = 'From 0.001 to 10 000 Gbit/s.'
  if (draft.kind === 'bytes' && !(bytes >= 1e6 && bytes <= 1e18)) errors.amount = 'From 1 MB to 1000 PB.'
  if (draft.kind === 'bytes' && draft.by !== '' && !(Date.parse(draft.by) - nowMs >= LEAST_MS))
    errors.by = 'At least a minute from now.'
  if (draft.budgetUsd !== '' && !(numberOf(draft.budgetUsd) > 0)) errors.budgetUsd = 'More than nothing, or empty.'
  return errors
}

type Wanted =
  | { readonly goal: Goal; readonly errors: GoalErrors }
  | { readonly goal: null; readonly errors: GoalErrors }

/** The goal of a draft, or what is wrong with which field. */
export const goalOf = (draft: GoalDraft, nowMs: number): Wanted => {
  const errors = errorsOf(draft, nowMs)
  if (Object.keys(errors).length > 0) return { goal: null, errors }
  const budgetUsd = draft.budgetUsd === '' ? null : Number(draft.budgetUsd)
  if (draft.kind === 'rate')
    return { goal: { kind: 'rate', bitsPerSecond: Number(draft.rateGigabits) * BITS_PER_GIGABIT, budgetUsd }, errors }
  const bytes = Number(draft.amount) * BYTES[draft.unit]
  const withinSeconds = draft.by === '' ? null : (Date.parse(draft.by) - nowMs) / 1000
  return { goal: { kind: 'bytes', bytes, withinSeconds, budgetUsd }, errors }
}

const DAY_MS = 86_400_000

/** The goal, kept while the wizard's pages change. */
export const useGoalDraft = create<GoalDraft>()(() => ({
  kind: 'bytes',
  rateGigabits: 5,
  amount: 10,
  unit: 'TB',
  by: localMoment(Date.now() + 2 * DAY_MS),
  budgetUsd: '',
  direction: 'upload',
}))
