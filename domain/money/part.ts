import { renderUsd } from '../planner/figures.ts'
import { renderStanding } from '../planner/origins.ts'
import type { Sourced } from '../planner/provenance.ts'

/** `null` where the price is not known; of data also where it depends on traffic. */
export type Amount = {
  readonly usdPerHour: number | null
  readonly usdSoFar: number | null
  /** What is known of `usdSoFar`, when it is `null` as a whole. */
  readonly leastUsd: number
}

/** One part of what a deployment costs, for people. */
export type CostPart = {
  readonly name: string
  readonly usdPerHour: number | null
  readonly usdSoFar: number | null
  readonly detail: string
}

/** The sum; `null` as soon as one is not known. */
export const total = (amounts: readonly (number | null)[]): number | null =>
  amounts.reduce<number | null>((sum, each) => (sum === null || each === null ? null : sum + each), 0)

export const unknownPart = (name: string, detail: string): Amount & CostPart => ({
  name,
  usdPerHour: null,
  usdSoFar: null,
  leastUsd: 0,
  detail,
})

/** `$0.0432 an hour (published 2026-07-20)` */
export const perHour = ({ value, from }: Sourced<number>): string =>
  `${renderUsd(value)} an hour (${renderStanding(from)})`
