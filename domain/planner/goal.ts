/** `upload` is towards the cloud. */
export const DIRECTIONS = ['upload', 'download'] as const
export type Direction = (typeof DIRECTIONS)[number]

type Budget = {
  /** Most that the whole transfer may cost; `null` without a budget. */
  readonly budgetUsd: number | null
}

/** What is wanted. Rates and bytes are payload: what arrives, not what is on the wire. */
export type Goal =
  | ({ readonly kind: 'rate'; readonly bitsPerSecond: number } & Budget)
  | ({ readonly kind: 'bytes'; readonly bytes: number; readonly withinSeconds: number | null } & Budget)
