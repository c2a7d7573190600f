import type { ScalingDecision } from '../../contract/app.ts'
import type { Decision } from '../../domain/autoscale/decision.ts'

/** Decisions kept; the oldest go first. */
const KEEP = 100

/** The decisions so far, the newest first, and the cause of the newest where it was to hold. */
export type Decisions = {
  readonly list: readonly ScalingDecision[]
  readonly holdCause: string | null
}

/** With one more. Holding for the same cause as before is told once, with the figures of now. Pure. */
export const withDecision = ({ list, holdCause }: Decisions, decision: Decision): Decisions => {
  const { atMs, action, from, to, reason } = decision
  const cause = decision.action === 'hold' ? decision.cause : null
  const [newest, ...older] = list
  const isSame = cause !== null && cause === holdCause && newest?.action === 'hold' && newest.from === from
  const next: ScalingDecision = { atMs: Math.round(atMs), action, from, to, reason, outcome: null }
  return { list: [next, ...(isSame ? older : list)].slice(0, KEEP), holdCause: cause }
}

/** With what came of the step decided at `atMs`. Pure. */
export const withOutcome = (decisions: Decisions, atMs: number, outcome: string): Decisions => ({
  ...decisions,
  list: decisions.list.map((each) =>
    each.atMs === Math.round(atMs) && each.action !== 'hold' ? { ...each, outcome } : each,
  ),
})
