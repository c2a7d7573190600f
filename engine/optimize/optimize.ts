import type { AppContract, OptimizeReview, OptimizeState, OptimizeTrial } from '../../contract/app.ts'
import type { ParsedInputOf } from '../../contract/define.ts'
import { MoleError } from '../../contract/errors.ts'
import { optionsOf, TuningOption } from '../../domain/tuning.ts'
import type { Activity } from '../activity.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { problemOf } from '../problem.ts'
import { openTopic } from '../topic.ts'
import { type Recommended, recommendedSubjects, reviewOf } from './by-probe.ts'
import { busy, nothingToChange, nothingWanted, notMeasured, notNow, notRecommended, notWanted } from './refusals.ts'
import type { Subject, TrialGround } from './subject.ts'
import { pendingTrial, runTrial } from './trial.ts'
import { wantedSubject } from './tuning-subject.ts'

export type OptimizeOrder = ParsedInputOf<AppContract, 'optimize.start'>

/** What is up, as far as it can be tuned. */
export type OptimizeGround = TrialGround & {
  /** Options in force by what is recorded. */
  inForce(): readonly TuningOption[]
  /** What was attempted was neither settled nor taken back. */
  isAttempting(): boolean
  /** What a probe recommends for what is up; `null`: the newest that does. @throws MoleError `not-found`, `conflict`. */
  recommended(probe: string | null): Recommended
  /** Checks that goodput can be measured at all. @throws MoleError saying what it takes. */
  assertMeasurable(): Promise<void>
  /** What else must not be disturbed now, as a sentence; `null` for nothing. */
  busyWith(): string | null
}

export type Optimize = {
  /** What a probe would change of what is up; `null`: the newest that recommends anything. @throws MoleError `not-found`. */
  review(probe: string | null): OptimizeReview
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

/** What the plan wants tuned, in the order of the options there are. @throws MoleError. */
const wantedSubjects = (ground: OptimizeGround, asked: OptimizeOrder['options']): Subject[] => {
  const { apply, wanted } = ground.plan().tuning
  if (apply !== 'measured') throw notMeasured(apply)
  const all = optionsOf(wanted)
  const strange = asked?.find((option) => !TuningOption.options.some((each) => each === option && all.includes(each)))
  if (strange !== undefined) throw notWanted(strange)
  if (all.length === 0) throw nothingWanted()
  return all.filter((option) => asked === null || asked.includes(option)).map((option) => wantedSubject(ground, option))
}

/** What a probe recommends and can be had now. @throws MoleError. */
const probedSubjects = (ground: OptimizeGround, asked: OptimizeOrder['options'], probe: string): Subject[] => {
  const all = recommendedSubjects(ground, ground.recommended(probe))
  const strange = asked?.find((option) => !all.some((subject) => subject.option === option))
  if (strange !== undefined) throw notRecommended(strange)
  if (all.length === 0) throw nothingToChange()
  return all.filter(({ option }) => asked === null || asked.includes(option))
}

const nameOf = ({ option, change }: Pick<OptimizeTrial, 'option' | 'change'>): string =>
  change === null ? option : `${option} (${change.now} → ${change.next})`

const inWords = (trials: readonly OptimizeTrial[]): string => {
  const kept = trials.filter(({ state }) => state === 'kept').map(nameOf)
  const back = trials.filter(({ state }) => state === 'taken-back').map(nameOf)
  return `Optimised: ${kept.length > 0 ? `kept ${kept.join(', ')}` : 'nothing kept'}${back.length > 0 ? `, took back ${back.join(', ')}` : ''}.`
}

/** Tries tuning of the host, one option after the other, and keeps what measured better; one run at a time. */
export const openOptimize = (clock: Clock, log: Log, activity: Activity, ground: OptimizeGround): Optimize => {
  const topic = openTopic<OptimizeState>({
    running: false,
    startedAtMs: null,
    fromProbe: null,
    trials: [],
    inForce: [...ground.inForce()],
    problem: null,
  })
  let running: { readonly cancel: AbortController; readonly done: Promise<void> } | null = null
  let isStarting = false
  const closing = new AbortController()

  const set = (change: Partial<OptimizeState>): void =>
    topic.publish({ ...topic.current(), inForce: [...ground.inForce()], ...change })
  const tell = (trial: OptimizeTrial): void =>
    set({ trials: topic.current().trials.map((each) => (each.option === trial.option ? trial : each)) })

  const tryAll = async (subjects: readonly Subject[], order: OptimizeOrder, signal: AbortSignal): Promise<void> => {
    for (const subject of subjects) {
      signal.throwIfAborted()
      const trial = await runTrial(subject, order, tell, signal)
      await (trial.state === 'kept' ? subject.keep() : subject.takeBack(closing.signal))
      tell(trial)
    }
  }

  /** What was being tried when it was broken off. */
  const takeBack = async (): Promise<void> => {
    // An act that is under way applies what is recorded by itself; with the helper away nothing can be done now.
    await ground.tune(null).catch((failure: unknown) => void problemOf(failure, log))
    await ground.restore(closing.signal).catch((failure: unknown) => void problemOf(failure, log))
  }

  const run = async (subjects: readonly Subject[], order: OptimizeOrder, signal: AbortSignal): Promise<void> => {
    let problem: OptimizeState['problem'] = null
    try {
      await tryAll(subjects, order, signal)
    } catch (error) {
      problem = problemOf(signal.aborted ? signal.reason : error, log)
      await takeBack()
    }
    running = null
    const trials = topic.current().trials.map((trial) => (trial.state === 'measuring' ? pendingTrial(trial) : trial))
    set({ running: false, trials, problem: problem?.code === 'cancelled' ? null : problem })
    if (problem === null) activity.add('info', 'optimize.ended', inWords(trials))
    else if (problem.code === 'cancelled') activity.add('info', 'optimize.stopped', 'Optimising was stopped.')
    else activity.add('error', 'optimize.failed', `Optimising failed: ${problem.message}`)
  }

  const assertNothingElse = (): void => {
    const reason = ground.busyWith()
    if (reason !== null) throw notNow(reason)
  }

  const stop = (): void => running?.cancel.abort(new MoleError('cancelled', 'Optimising was stopped.'))

  return {
    review: (probe) => reviewOf(ground, ground.recommended(probe)),
    start: async (order) => {
      if (running !== null || isStarting) throw busy()
      isStarting = true
      try {
        assertNothingElse()
        const { fromProbe } = order
        // What an earlier one could not take back.
        if (ground.isAttempting()) await ground.restore(closing.signal)
        const subjects =
          fromProbe === null ? wantedSubjects(ground, order.options) : probedSubjects(ground, order.options, fromProbe)
        await ground.assertMeasurable()
        // A probe may have begun meanwhile.
        assertNothingElse()
        const cancel = new AbortController()
        set({
          running: true,
          startedAtMs: clock.wallMs(),
          fromProbe,
          trials: subjects.map(pendingTrial),
          problem: null,
        })
        activity.add('info', 'optimize.started', `Optimising began: ${subjects.map(nameOf).join(', ')}.`)
        running = { cancel, done: run(subjects, order, cancel.signal) }
      } finally {
        isStarting = false
      }
    },
    stop,
    stream: topic.stream,
    isRunning: () => running !== null,
    recover: async () => {
      if (running === null && ground.isAttempting()) {
        // Killed while it was made, what was attempted may not be whole: taking it back mends that.
        await ground.tune(null).catch((failure: unknown) => void problemOf(failure, log))
        await ground.restore(closing.signal)
        activity.add('info', 'optimize.taken-back', 'What was being tried when the engine ended was taken back.')
      }
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
      closing.abort()
      await running?.done
    },
  }
}
