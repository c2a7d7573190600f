import type { Act, Problem, Step, StepId } from '../../contract/app.ts'
import type { Clock } from '../clock.ts'
import type { Store } from '../store/store.ts'
import { titleOf } from './step-titles.ts'

/** The act going on: what its views show, written to the journal before it is done. */
export type ActJournal = {
  current(): Act
  /** Records the intent, on disk when this returns. */
  begin(step: StepId): void
  log(step: StepId, line: string): void
  finish(step: StepId): void
  fail(step: StepId, problem: Problem): void
  /** Drops what has not begun, and adds the steps that undo. */
  turnBack(steps: readonly StepId[]): void
  end(state: Act['state']): void
}

const pending = (id: StepId): Step => ({
  id,
  title: titleOf(id),
  state: 'pending',
  startedAtMs: null,
  endedAtMs: null,
  log: [],
  problem: null,
})

/** Lines kept of one step's log. */
const MAX_LOG_LINES = 200

export const openActJournal = (
  store: Store,
  clock: Clock,
  about: { verb: Act['verb']; deploymentId: string; steps: readonly StepId[] },
  onChange: (act: Act) => void,
): ActJournal => {
  let act: Act = {
    verb: about.verb,
    state: 'running',
    startedAtMs: clock.wallMs(),
    endedAtMs: null,
    steps: about.steps.map(pending),
  }
  const actId = store.beginAct(about.deploymentId, act)

  const update = (id: StepId, change: (step: Step) => Step, persist: boolean): void => {
    const ordinal = act.steps.findLastIndex((step) => step.id === id)
    const step = act.steps[ordinal]
    if (step === undefined) return
    const next = change(step)
    if (persist) store.saveStep(actId, ordinal, next)
    act = { ...act, steps: act.steps.with(ordinal, next) }
    onChange(act)
  }

  return {
    current: () => act,
    begin: (id) => update(id, (step) => ({ ...step, state: 'running', startedAtMs: clock.wallMs() }), true),
    log: (id, line) => update(id, (step) => ({ ...step, log: [...step.log, line].slice(-MAX_LOG_LINES) }), false),
    finish: (id) => update(id, (step) => ({ ...step, state: 'done', endedAtMs: clock.wallMs() }), true),
    fail: (id, problem) =>
      update(id, (step) => ({ ...step, state: 'failed', endedAtMs: clock.wallMs(), problem }), true),
    turnBack: (steps) => {
      act = { ...act, steps: [...act.steps.filter((step) => step.state !== 'pending'), ...steps.map(pending)] }
      store.saveSteps(actId, act.steps)
      onChange(act)
    },
    end: (state) => {
      act = { ...act, state, endedAtMs: clock.wallMs() }
      store.endAct(actId, state, clock.wallMs())
      onChange(act)
    },
  }
}
