import type { StepId } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { problemOf } from '../problem.ts'
import type { ActJournal } from './act-journal.ts'
import type { StepContext } from './step.ts'
import { titleOf } from './step-titles.ts'
import { STEPS } from './steps/table.ts'
import { withLimit } from './with-limit.ts'

export type Run = {
  readonly journal: ActJournal
  readonly clock: Clock
  readonly log: Log
  /** Aborts when the act is cancelled. */
  readonly signal: AbortSignal
  /** Aborts when the engine ends: then nothing more is journalled, so that the next engine sees where this one stood. */
  readonly closing: AbortSignal
  context(step: StepId, signal: AbortSignal): StepContext
}

/** A closed connection that says nothing of whom it led to was the helper's; a cloud's says so. */
const nameHelper = (error: unknown): unknown =>
  error instanceof MoleError && error.code === 'disconnected' && error.data.field === undefined
    ? new MoleError(
        'helper-unreachable',
        'The helper ended in the middle of it.',
        {
          field: 'helper',
          meaning: 'The step was not completed.',
          nextStep: 'Give the same command again: another helper is started. "mole down" takes everything away.',
        },
        { cause: error },
      )
    : error

const runStep = async (id: StepId, run: Run): Promise<void> => {
  run.closing.throwIfAborted()
  run.journal.begin(id)
  const startedMs = run.clock.monotonicMs()
  const signal = AbortSignal.any([run.signal, run.closing])
  try {
    const { limitMs, run: work } = STEPS[id]
    await withLimit(titleOf(id), limitMs, run.clock, signal, (limited) => work(run.context(id, limited)))
    run.closing.throwIfAborted()
    run.journal.finish(id)
    run.log.info({ step: id, tookMs: Math.round(run.clock.monotonicMs() - startedMs) }, 'step done')
  } catch (caught) {
    run.closing.throwIfAborted()
    const error = nameHelper(caught)
    const problem = problemOf(error, run.log)
    run.journal.fail(id, problem)
    run.log.warn({ step: id, code: problem.code, message: problem.message }, 'step failed')
    throw error
  }
}

/** Runs the steps in order; the first failure ends it. */
export const runSteps = async (steps: readonly StepId[], run: Run): Promise<void> => {
  for (const step of steps) await runStep(step, run)
}

/** What could not be proven, with what went wrong before it: that is the reason, as a rule. */
const explained = (proof: unknown, first: unknown): unknown =>
  proof instanceof MoleError && first instanceof MoleError && proof.code !== first.code
    ? new MoleError(
        proof.code,
        proof.message,
        {
          ...proof.data,
          meaning: [proof.data.meaning, first.message, first.data.meaning]
            .filter((each) => each !== undefined)
            .join(' '),
        },
        { cause: first },
      )
    : proof

/**
 * Runs a teardown: what fails on the way is shown but does not stop the rest, because the last step,
 * the proof that nothing is left, is the judge of it.
 */
export const runTeardown = async (steps: readonly StepId[], run: Run): Promise<void> => {
  const failures: unknown[] = []
  for (const step of steps) {
    try {
      await runStep(step, run)
    } catch (error) {
      if (run.signal.aborted || run.closing.aborted) throw error
      if (step === steps.at(-1)) throw explained(error, failures[0])
      failures.push(error)
    }
  }
}
