import type { Choice } from '../../../domain/planner/choice.ts'
import type { Goal } from '../../../domain/planner/goal.ts'
import { verdictOf } from './verdict.ts'

type Point = { readonly x: number; readonly y: number }

/** A choice in the chart. */
export type Mark = {
  readonly choice: Choice
  /** What it surely reaches. */
  readonly sure: Point
  /** What it reaches at best, with its burst. */
  readonly best: Point
  readonly level: 'good' | 'warn' | 'bad'
}

export type Chart = {
  readonly kind: 'time' | 'rate'
  readonly title: string
  readonly marks: readonly Mark[]
  /** Latest moment in seconds, or the rate wanted; `null` where there is none. */
  readonly limitX: number | null
  readonly limitY: number | null
}

const markOf = (choice: Choice): Mark => {
  const { capacity, hourly, finish, total } = choice
  const { level } = verdictOf(choice)
  const shown = level === 'good' || level === 'warn' ? level : 'bad'
  if (finish === null || total === null) {
    const at = (x: number): Point => ({ x, y: hourly.totalUsd })
    const burst = capacity.burst ?? capacity.steady
    return { choice, sure: at(capacity.steady.bitsPerSecond), best: at(burst.bitsPerSecond), level: shown }
  }
  return {
    choice,
    sure: { x: finish.latestSeconds, y: total.mostUsd },
    best: { x: finish.earliestSeconds, y: total.leastUsd },
    level: shown,
  }
}

/** What is drawn of the choices: cost against finish time, or of a rate cost an hour against what is carried. */
export const chartOf = (goal: Goal, choices: readonly Choice[]): Chart => ({
  kind: goal.kind === 'bytes' ? 'time' : 'rate',
  title: goal.kind === 'bytes' ? 'Cost against finish time' : 'Cost an hour against rate',
  marks: choices.map(markOf),
  limitX: goal.kind === 'bytes' ? goal.withinSeconds : goal.bitsPerSecond,
  limitY: goal.kind === 'bytes' ? goal.budgetUsd : null,
})
