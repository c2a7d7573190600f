import type { AppContract, OptimizeState, OptimizeTrial } from '../../contract/app.ts'
import type { ParsedInputOf } from '../../contract/define.ts'
import { MoleError } from '../../contract/errors.ts'
import { optionsOf, TUNING_KEYS, type TuningOption } from '../../domain/tuning.ts'
import type { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import type { Activity } from '../activity.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { problemOf } from '../problem.ts'
import { openTopic } from '../topic.ts'
import { pendingTrial, runTrial, type TrialGround } from './trial.ts'

export type OptimizeOrder = ParsedInputOf<AppContract, 'optimize.start'>

/** What is up, as far as its tuning goes. */
export type OptimizeGround = Omit<TrialGround, 'tune'> & {
  /** @throws MoleError `not-found` when nothing is up. */
  plan(): DeploymentPlan['tuning']
  /** Options that are recorded as better; `[]` when nothing is up. */
  tuned(): readonly TuningOption[]
  /** Options in force by what is recorded. */
  inForce(): readonly TuningOption[]
  /** Tries these options without recording that; `null` goes back to those recorded. */
  tune(options: readonly TuningOption[] | null): Promise<void>
  /** Records these as better, and has them in force. */
  keep(options: readonly TuningOption[]): Promise<void>
  /** Checks that goodput can be measured at all. @throws MoleError saying what it takes. */
  assertMeasurable(): Promise<void>
}

export type Optimize = {
  /** @throws MoleError `conflict`, `not-found`, `bad-input`, before anything is changed. */
  start(order: OptimizeOrder): Promise<void>
  /** What is being tried is taken back. */
  stop(): void
  stream(signal: AbortSignal): AsyncIterable<OptimizeState>
  /** Goodput is being measured: nothing else should change it meanwhile. */
  isRunning(): boolean
  /** Takes back what an engine that was killed was trying. */
  recover(): Promise<void>
  /** What is up has changed. */
  refresh(): void
  /** Ends it, and resolves when nothing is being tried any more. */
  close(): Promise<void>
}

const busy = (): MoleError =>
  new MoleError('conflict', 'The host is being optimised already.', {
    field: 'optimize',
    meaning: 'One trial would disturb the other.',
    nextStep: 'Wait for its end, or stop it.',
  })

const notMeasured = (apply: 'always' | 'never'): MoleError =>
  new MoleError('conflict', `This deployment's host is ${apply} tuned.`, {
    field: 'optimization.apply',
    meaning:
      apply === 'always'
        ? 'All that is wanted is in force whatever it measures, so that nothing can be tried.'
        : 'Whatever measured better would not be kept.',
    nextStep: 'Set optimization.apply to "measured", and connect again.',
  })

const notWanted = (option: TuningOption): MoleError =>
  new MoleError('bad-input', `"${option}" is not wanted by what is deployed.`, {
    field: 'options',
    meaning: 'How it would be set is not known. Nothing was changed.',
    nextStep: `Set ${TUNING_KEYS[option]} in the profile or configuration, and connect again.`,
  })

const nothingWanted = (): MoleError =>
  new MoleError('bad-input', 'What is deployed wants nothing tuned.', {
    field: 'options',
    meaning: 'There is nothing to try.',
    nextStep: 'Set something in the section "optimization" of the profile or configuration, and connect again.',
  })

/** What is to be tried, in the order of the options there are. @throws MoleError. Pure. */
const chooseOptions = (
  asked: OptimizeOrder['options'],
  { apply, wanted }: DeploymentPlan['tuning'],
): TuningOption[] => {
  if (apply !== 'measured') throw notMeasured(apply)
  const all = optionsOf(wanted)
  const strange = asked?.find((option) => !all.includes(option))
  if (strange !== undefined) throw notWanted(strange)
  if (all.length === 0) throw nothingWanted()
  return all.filter((option) => asked === null || asked.includes(option))
}

const inWords = (trials: readonly OptimizeTrial[]): string => {
  const kept = trials.filter(({ state }) => state === 'kept').map(({ option }) => option)
  const back = trials.filter(({ state }) => state === 'taken-back').map(({ option }) => option)
  return `Optimised: ${kept.length > 0 ? `kept ${kept.join(', ')}` : 'nothing kept'}${back.length > 0 ? `, took back ${back.join(', ')}` : ''}.`
}

/** Tries tuning of the host, one option after the other, and keeps what measured better; one run at a time. */
export const openOptimize = (clock: Clock, log: Log, activity: Activity, ground: OptimizeGround): Optimize => {
  const topic = openTopic<OptimizeState>({
    running: false,
    startedAtMs: null,
    trials: [],
    inForce: [...ground.inForce()],
    problem: null,
  })
  let running: { readonly cancel: AbortController; readonly done: Promise<void> } | null = null
  let isStarting = false

  const set = (change: Partial<OptimizeState>): void =>
    topic.publish({ ...topic.current(), inForce: [...ground.inForce()], ...change })
  const tell = (trial: OptimizeTrial): void =>
    set({ trials: topic.current().trials.map((each) => (each.option === trial.option ? trial : each)) })

  /** What was tried last is in force still: from here on it is what is recorded. */
  const conclude = async (trial: OptimizeTrial, beside: readonly TuningOption[]): Promise<void> => {
    const next = trial.state === 'kept' ? [...beside, trial.option] : beside
    const same = next.length === ground.tuned().length && next.every((option) => ground.tuned().includes(option))
    await (same ? ground.tune(null) : ground.keep(next))
    tell(trial)
  }

  const tryAll = async (options: readonly TuningOption[], order: OptimizeOrder, signal: AbortSignal): Promise<void> => {
    for (const option of options) {
      signal.throwIfAborted()
      const beside = ground.tuned().filter((other) => other !== option)
      const trial = await runTrial(ground, { ...order, option, beside }, tell, signal)
      await conclude(trial, beside)
    }
  }

  const run = async (options: readonly TuningOption[], order: OptimizeOrder, signal: AbortSignal): Promise<void> => {
    let problem: OptimizeState['problem'] = null
    try {
      await tryAll(options, order, signal)
    } catch (error) {
      problem = problemOf(signal.aborted ? signal.reason : error, log)
      // An act that is under way applies what is recorded by itself; with the helper away nothing can be done now.
      await ground.tune(null).catch((failure: unknown) => void problemOf(failure, log))
    }
    running = null
    const trials = topic
      .current()
      .trials.map((trial) => (trial.state === 'measuring' ? pendingTrial(trial.option) : trial))
    set({ running: false, trials, problem: problem?.code === 'cancelled' ? null : problem })
    if (problem === null) activity.add('info', 'optimize.ended', inWords(trials))
    else if (problem.code === 'cancelled') activity.add('info', 'optimize.stopped', 'Optimising was stopped.')
    else activity.add('error', 'optimize.failed', `Optimising failed: ${problem.message}`)
  }

  const stop = (): void => running?.cancel.abort(new MoleError('cancelled', 'Optimising was stopped.'))

  return {
    start: async (order) => {
      if (running !== null || isStarting) throw busy()
      isStarting = true
      try {
        const options = chooseOptions(order.options, ground.plan())
        await ground.assertMeasurable()
        const cancel = new AbortController()
        set({ running: true, startedAtMs: clock.wallMs(), trials: options.map(pendingTrial), problem: null })
        activity.add('info', 'optimize.started', `Optimising began: ${options.join(', ')}.`)
        running = { cancel, done: run(options, order, cancel.signal) }
      } finally {
        isStarting = false
      }
    },
    stop,
    stream: topic.stream,
    isRunning: () => running !== null,
    recover: async () => {
      const inForce = ground.inForce()
      const { tuned, lacking } = await ground.load()
      const isIn = (options: readonly { readonly option: TuningOption }[], option: TuningOption): boolean =>
        options.some((each) => each.option === option)
      // Killed in a measurement without one that was kept before, it is missing; one that this host lacks cannot be.
      const isMissing = inForce.some((option) => !isIn(tuned, option) && !isIn(lacking, option))
      const isExtra = tuned.some(({ option }) => !inForce.includes(option))
      if (running === null && (isMissing || isExtra)) await ground.tune(null)
    },
    refresh: () => {
      const now = ground.inForce()
      if (now.join() !== topic.current().inForce.join()) set({})
    },
    close: async () => {
      stop()
      await running?.done
    },
  }
}
