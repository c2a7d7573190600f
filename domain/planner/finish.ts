import type { Capacity } from './capacity.ts'
import type { NetworkRules } from './price-table.ts'

/** When a transfer is through, in seconds from its start. */
export type FinishBand = {
  /** With the longest burst that AWS speaks of, then steady. */
  readonly earliestSeconds: number
  /** Without any burst. */
  readonly latestSeconds: number
}

/** @param bytes payload */
export const finishOf = (bytes: number, { steady, burst }: Capacity, rules: NetworkRules): FinishBand => {
  const bits = bytes * 8
  const latestSeconds = bits / steady.bitsPerSecond
  if (burst === null) return { earliestSeconds: latestSeconds, latestSeconds }
  const burstSeconds = rules.burstMinutes.most * 60
  const inBurst = burst.bitsPerSecond * burstSeconds
  const earliestSeconds =
    bits <= inBurst ? bits / burst.bitsPerSecond : burstSeconds + (bits - inBurst) / steady.bitsPerSecond
  return { earliestSeconds, latestSeconds }
}
