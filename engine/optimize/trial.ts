import type { OptimizeTrial } from '../../contract/app.ts'
import { judge, ratioOf } from './judge.ts'
import type { Subject } from './subject.ts'

export type TrialOrder = { readonly pairs: number; readonly seconds: number }

export const pendingTrial = ({ option, change }: Pick<OptimizeTrial, 'option' | 'change'>): OptimizeTrial => ({
  option,
  change,
  state: 'pending',
  pairs: [],
  ratio: null,
  reason: '',
})

/** Measures once without and once with it, in the order that is due, so that what changes by itself favours neither. */
const measurePair = async (
  subject: Subject,
  seconds: number,
  nth: number,
  signal: AbortSignal,
): Promise<OptimizeTrial['pairs'][number]> => {
  const measured = { with: 0, without: 0 }
  for (const kind of nth % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const)) {
    signal.throwIfAborted()
    await subject.have(kind)
    measured[kind] = await subject.measure(kind, seconds, signal)
  }
  return { beforeBitsPerSecond: measured.without, afterBitsPerSecond: measured.with }
}

/**
 * Tries one thing, telling how far it is. What it leaves in force is for the caller to say: nothing of it is kept.
 * @throws MoleError what having it and measuring throw; the signal's reason.
 */
export const runTrial = async (
  subject: Subject,
  { pairs: count, seconds }: TrialOrder,
  tell: (trial: OptimizeTrial) => void,
  signal: AbortSignal,
): Promise<OptimizeTrial> => {
  let trial: OptimizeTrial = { ...pendingTrial(subject), state: 'measuring' }
  tell(trial)
  const nothing = await subject.lacks()
  if (nothing !== null) return { ...trial, state: 'lacking', reason: nothing }
  for (let nth = 0; nth < count; nth += 1) {
    const pairs = [...trial.pairs, await measurePair(subject, seconds, nth, signal)]
    trial = { ...trial, pairs, ratio: ratioOf(pairs) }
    tell(trial)
  }
  const { isBetter, reason } = judge(trial.pairs)
  return { ...trial, state: isBetter ? 'kept' : 'taken-back', reason }
}
