import type { Act, Problem, Step } from '../../contract/app.ts'
import type { ActRecord } from '../store/act-table.ts'
import type { Store } from '../store/store.ts'

/** Nouns for the verbs of an act, in sentences. */
const NOUNS: Readonly<Record<Act['verb'], string>> = {
  deploy: 'deployment',
  scale: 'scaling',
  teardown: 'teardown',
  recover: 'repair',
  adjust: 'change',
  rotate: 'renewal of keys',
}

export const nounOf = (verb: Act['verb']): string => NOUNS[verb]

const MEANINGS: Partial<Readonly<Record<Act['verb'], string>>> = {
  teardown: 'Something may still be there.',
  rotate: 'The tunnels carry traffic; what was begun is finished by itself once their helper answers.',
}

export const interruptedProblem = (verb: Act['verb'], during: string | null): Problem => ({
  code: 'interrupted',
  message: `The ${nounOf(verb)} was interrupted${during === null ? '' : ` during "${during}"`}: the engine ended before it was complete.`,
  data: {
    field: 'engine',
    meaning: MEANINGS[verb] ?? 'It is half-made; nothing more is done to it unasked.',
    nextStep:
      verb === 'teardown'
        ? 'Run "mole down" to finish it.'
        : 'Run "mole up" to finish it, or "mole down" to remove it.',
  },
})

const endStep = (step: Step, verb: Act['verb'], atMs: number): Step =>
  step.state === 'running'
    ? { ...step, state: 'failed', endedAtMs: atMs, problem: interruptedProblem(verb, step.title) }
    : step

/** The newest act; one that was cut off by the engine's end is first marked so, here and in the journal. */
export const closeInterruptedAct = (store: Store, atMs: number): { last: ActRecord | null; interrupted: boolean } => {
  const last = store.lastAct()
  if (last === null || last.act.state !== 'running') return { last, interrupted: false }
  const steps = last.act.steps.map((step) => endStep(step, last.act.verb, atMs))
  for (const [ordinal, step] of steps.entries())
    if (step !== last.act.steps[ordinal]) store.saveStep(last.id, ordinal, step)
  store.endAct(last.id, 'failed', atMs)
  return { last: { ...last, act: { ...last.act, state: 'failed', endedAtMs: atMs, steps } }, interrupted: true }
}
