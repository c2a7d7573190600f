import type { AppContract, OptimizeReview, OptimizeState, OptimizeTrial } from '../../contract/app.ts'
import type { ParsedInputOf } from '../../contract/define.ts'
import { MoleError } from '../../contract/errors.ts'
import { changesFor } from '../../domain/probe/changes.ts'
import type { ProbeReport } from '../../domain/probe/report.ts'
import { summarise } from '../../domain/probe/summarise.ts'
import { median } from '../../domain/series.ts'
import type { TrialOption } from '../../domain/trial-option.ts'
import { TuningOption } from '../../domain/tuning.ts'
import type { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { createTopic, type Topic } from './topic.ts'

const NOTHING_TRIED: OptimizeState = {
  running: false,
  startedAtMs: null,
  fromProbe: null,
  trials: [],
  inForce: [],
  problem: null,
}

/** What each option does to goodput here. */
const EFFECT: Readonly<Partial<Record<TrialOption, number>>> = {
  tunnels: 1.86,
  mptcp: 1.4,
  pinning: 1.11,
  congestion: 0.97,
  buffers: 1.04,
}
const LACKING: readonly TrialOption[] = ['governor', 'nic-rings', 'nic-queues']

const pairOf = (option: TrialOption, at: number): OptimizeTrial['pairs'][number] => {
  const before = 640_000_000 + 9_000_000 * ((at * 7) % 5)
  const after = before * ((EFFECT[option] ?? 1) + 0.008 * ((at % 3) - 1))
  return { beforeBitsPerSecond: before, afterBitsPerSecond: Math.round(after) }
}

const ratioOf = (pairs: OptimizeTrial['pairs']): number | null =>
  median(pairs.map(({ beforeBitsPerSecond, afterBitsPerSecond }) => afterBitsPerSecond / beforeBitsPerSecond))

type Change = OptimizeTrial['change']

const pending = (option: TrialOption, change: Change = null): OptimizeTrial => ({
  option,
  change,
  state: 'pending',
  pairs: [],
  ratio: null,
  reason: '',
})

/** A trial as it stands after so many pairs of `of`. */
export const trialOf = (option: TrialOption, done: number, of = done, change: Change = null): OptimizeTrial => {
  if (LACKING.includes(option))
    return { ...pending(option, change), state: 'lacking', reason: 'This machine does not have it.' }
  const pairs = Array.from({ length: done }, (_, at) => pairOf(option, at))
  const ratio = ratioOf(pairs)
  if (done < of || ratio === null) return { ...pending(option, change), state: 'measuring', pairs, ratio }
  const gain = `${Math.round(Math.abs(ratio - 1) * 100)} %`
  return ratio > 1.02
    ? { option, change, state: 'kept', pairs, ratio, reason: `${gain} more in every pair.` }
    : { option, change, state: 'taken-back', pairs, ratio, reason: `${gain} less: it was set back as it was.` }
}

export type FakeOptimize = {
  readonly state: Topic<OptimizeState>
  start(order: ParsedInputOf<AppContract, 'optimize.start'>, wanted: readonly TuningOption[]): Record<string, never>
  /** What a probe would change in a plan, tried from then on. */
  review(report: ProbeReport | null, plan: DeploymentPlan | null): OptimizeReview
  stop(): Record<string, never>
}

const OPTIONS: readonly (readonly [string, TrialOption])[] = [
  ['deployment.tunnels', 'tunnels'],
  ['mptcp.', 'mptcp'],
  ['optimization.tcp_congestion', 'congestion'],
  ['optimization.buffer_sizes', 'buffers'],
  ['optimization.enable_process_pinning', 'pinning'],
]

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
    const next = trialOf(trial.option, trial.pairs.length + 1, of, trial.change)
    const option = TuningOption.safeParse(next.option).data
    const isNew = next.state === 'kept' && option !== undefined
    const inForce = isNew ? [...state.get().inForce, option] : state.get().inForce
    state.set({ ...state.get(), trials: trials.with(at, next), inForce })
  }
  /** Of what was reviewed last, what can be tried. */
  let reviewed: readonly (readonly [TrialOption, Change])[] = []
  return {
    state,
    review: (report, plan) => {
      if (report === null || report.recommendation === null || plan === null)
        throw new MoleError('not-found', 'No probe has recommended anything yet.', { nextStep: 'Measure first.' })
      const changes = changesFor(plan, report.recommendation)
      reviewed = changes.flatMap(({ key, now, next }) => {
        const option = OPTIONS.find(([prefix]) => key.startsWith(prefix))?.[1]
        return option === undefined ? [] : [[option, { now, next }] as const]
      })
      return { probe: summarise(report), changes }
    },
    start: ({ options, fromProbe, pairs }, wanted) => {
      if (state.get().running) throw new MoleError('conflict', 'Options are being tried already.')
      const trials =
        fromProbe === null
          ? (options ?? wanted).map((option) => pending(option))
          : reviewed
              .filter(([option]) => options === null || options.includes(option))
              .map(([option, change]) => pending(option, change))
      state.set({ running: true, startedAtMs: Date.now(), fromProbe, trials, inForce: [], problem: null })
      timer = setInterval(() => step(pairs), pairMs)
      return {}
    },
    stop: end,
  }
}
