import type { OptimizeTrial } from '../../contract/app.ts'
import type { HostLoad } from '../../contract/helper.ts'
import type { TuningOption } from '../../domain/tuning.ts'
import { judge, ratioOf } from './judge.ts'

/** What a trial is made on. */
export type TrialGround = {
  /** Has exactly these options in force. */
  tune(options: readonly TuningOption[]): Promise<void>
  load(): Promise<HostLoad>
  /** Goodput over the bundle, bits per second. */
  measure(seconds: number, signal: AbortSignal): Promise<number>
}

export type TrialOrder = {
  readonly option: TuningOption
  /** Options in force beside it. */
  readonly beside: readonly TuningOption[]
  readonly pairs: number
  readonly seconds: number
}

export const pendingTrial = (option: TuningOption): OptimizeTrial => ({
  option,
  state: 'pending',
  pairs: [],
  ratio: null,
  reason: '',
})

/** Why there is nothing to try; `null` when there is. */
const nothingToTry = ({ tuned, lacking }: HostLoad, option: TuningOption): string | null => {
  if (tuned.some((setting) => setting.option === option)) return null
  const reasons = lacking.filter((each) => each.option === option).map(({ reason }) => reason)
  return reasons.length > 0 ? reasons.join('; ') : 'the host is so already: there is nothing to try'
}

/** Measures once without and once with it, in the order that is due, so that what changes by itself favours neither. */
const measurePair = async (
  ground: TrialGround,
  { option, beside, seconds }: TrialOrder,
  nth: number,
  signal: AbortSignal,
): Promise<OptimizeTrial['pairs'][number]> => {
  const measured = { with: 0, without: 0 }
  for (const kind of nth % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const)) {
    signal.throwIfAborted()
    await ground.tune(kind === 'with' ? [...beside, option] : beside)
    measured[kind] = await ground.measure(seconds, signal)
  }
  return { beforeBitsPerSecond: measured.without, afterBitsPerSecond: measured.with }
}

/**
 * Tries one option, telling how far it is. What it leaves in force is for the caller to say: nothing of it is recorded.
 * @throws MoleError what tuning and measuring throw; the signal's reason.
 */
export const runTrial = async (
  ground: TrialGround,
  order: TrialOrder,
  tell: (trial: OptimizeTrial) => void,
  signal: AbortSignal,
): Promise<OptimizeTrial> => {
  const { option, beside } = order
  let trial: OptimizeTrial = { ...pendingTrial(option), state: 'measuring' }
  tell(trial)
  await ground.tune([...beside, option])
  const nothing = nothingToTry(await ground.load(), option)
  if (nothing !== null) return { ...trial, state: 'lacking', reason: nothing }
  for (let nth = 0; nth < order.pairs; nth += 1) {
    const pairs = [...trial.pairs, await measurePair(ground, order, nth, signal)]
    trial = { ...trial, pairs, ratio: ratioOf(pairs) }
    tell(trial)
  }
  const { isBetter, reason } = judge(trial.pairs)
  return { ...trial, state: isBetter ? 'kept' : 'taken-back', reason }
}
