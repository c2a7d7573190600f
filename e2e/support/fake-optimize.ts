import type { AppContract, OptimizeState, OptimizeTrial } from '../../contract/app.ts'
import type { ParsedInputOf } from '../../contract/define.ts'
import { MoleError } from '../../contract/errors.ts'
import { median } from '../../domain/series.ts'
import type { TuningOption } from '../../domain/tuning.ts'
import { createTopic, type Topic } from './topic.ts'

const NOTHING_TRIED: OptimizeState = { running: false, startedAtMs: null, trials: [], inForce: [], problem: null }

/** What each option does to goodput here. */
const EFFECT: Readonly<Partial<Record<TuningOption, number>>> = { pinning: 1.11, congestion: 0.97, buffers: 1.04 }
const LACKING: readonly TuningOption[] = ['governor', 'nic-rings', 'nic-queues']

const pairOf = (option: TuningOption, at: number): OptimizeTrial['pairs'][number] => {
  const before = 640_000_000 + 9_000_000 * ((at * 7) % 5)
  const after = before * ((EFFECT[option] ?? 1) + 0.008 * ((at % 3) - 1))
  return { beforeBitsPerSecond: before, afterBitsPerSecond: Math.round(after) }
}

const ratioOf = (pairs: OptimizeTrial['pairs']): number | null =>
  median(pairs.map(({ beforeBitsPerSecond, afterBitsPerSecond }) => afterBitsPerSecond / beforeBitsPerSecond))

const pending = (option: TuningOption): OptimizeTrial => ({
  option,
  state: 'pending',
  pairs: [],
  ratio: null,
  reason: '',
})

/** A trial as it stands after so many pairs of `of`. */
export const trialOf = (option: TuningOption, done: number, of = done): OptimizeTrial => {
  if (LACKING.includes(option))
    return { ...pending(option), state: 'lacking', reason: 'This machine does not have it.' }
  const pairs = Array.from({ length: done }, (_, at) => pairOf(option, at))
  const ratio = ratioOf(pairs)
  if (done < of || ratio === null) return { ...pending(option), state: 'measuring', pairs, ratio }
  const gain = `${Math.round(Math.abs(ratio - 1) * 100)} %`
  return ratio > 1.02
    ? { option, state: 'kept', pairs, ratio, reason: `${gain} more in every pair.` }
    : { option, state: 'taken-back', pairs, ratio, reason: `${gain} less: it was set back as it was.` }
}

export type FakeOptimize = {
  readonly state: Topic<OptimizeState>
  start(order: ParsedInputOf<AppContract, 'optimize.start'>, wanted: readonly TuningOption[]): Record<string, never>
  stop(): Record<string, never>
}

/** Trials of cardboard: a pair every `pairMs`. */
export const fakeOptimize = (initial: Partial<OptimizeState>, pairMs: number): FakeOptimize => {
  const state = createTopic<OptimizeState>({ ...NOTHING_TRIED, ...initial })
  let timer: ReturnType<typeof setInterval> | null = null
  const end = (): Record<string, never> => {
    if (timer !== null) clearInterval(timer)
    timer = null
    if (state.get().running)
      state.set({
        ...state.get(),
        running: false,
        trials: state
          .get()
          .trials.map((trial) =>
            trial.state === 'measuring' ? { ...trial, state: 'taken-back', reason: 'It was cancelled.' } : trial,
          ),
      })
    return {}
  }
  const step = (of: number): void => {
    const { trials } = state.get()
    const at = trials.findIndex(({ state: each }) => each === 'pending' || each === 'measuring')
    const trial = trials[at]
    if (trial === undefined) return void end()
    const next = trialOf(trial.option, trial.pairs.length + 1, of)
    const inForce = next.state === 'kept' ? [...state.get().inForce, next.option] : state.get().inForce
    state.set({ ...state.get(), trials: trials.with(at, next), inForce })
  }
  return {
    state,
    start: ({ options, pairs }, wanted) => {
      if (state.get().running) throw new MoleError('conflict', 'Options are being tried already.')
      const trials = (options ?? wanted).map(pending)
      state.set({ running: true, startedAtMs: Date.now(), trials, inForce: [], problem: null })
      timer = setInterval(() => step(pairs), pairMs)
      return {}
    },
    stop: end,
  }
}
