/** Why nothing is changed, in a word: one hold after the other for the same cause is told once. */
export type Cause =
  | 'obstacle'
  | 'settling'
  | 'no-use'
  | 'ceiling'
  | 'blocked'
  | 'cooldown'
  | 'doubtful'
  | 'low'
  | 'floor'
  | 'needed'
  | 'between'

/** What was decided at a look, and why. */
export type Decision = {
  readonly atMs: number
  readonly from: number
  readonly to: number
  /** In one sentence, with the figures it was decided by. */
  readonly reason: string
} & ({ readonly action: 'up' | 'down' | 'revert' } | { readonly action: 'hold'; readonly cause: Cause })
