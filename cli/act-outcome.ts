import type { DeploymentView, Problem } from '../contract/app.ts'
import { EXIT, type ExitCode, exitCodeOfFailedAct } from './exit-codes.ts'

/** How an act ended: `problem` is `null` when it reached what was asked. */
export type Outcome = { readonly exit: ExitCode; readonly problem: Problem | null }

const cancelled = (view: DeploymentView): Problem => ({
  code: 'cancelled',
  message: 'Cancelled, as you asked.',
  data:
    view.phase === 'none'
      ? {
          meaning: 'What had been made was taken back; nothing is left.',
          nextStep: 'Give the command again when ready.',
        }
      : {
          meaning: 'What was up before was left as it is.',
          nextStep: '"mole status" shows it; "mole up" again repairs it.',
        },
})

const UNTOLD: Problem = {
  code: 'internal',
  message: 'It failed, and the engine did not say why.',
  data: { nextStep: 'Look at engine.log in the state directory, then try again.' },
}

const DEGRADED: Problem = {
  code: 'drift',
  message: 'Up, but not every tunnel answers.',
  data: {
    meaning: 'Traffic uses the tunnels that do.',
    nextStep: '"mole status" shows which; "mole up" again repairs it.',
  },
}

const problemOfFailure = (view: DeploymentView): Problem =>
  view.problem ?? view.act?.steps.find(({ problem }) => problem !== null)?.problem ?? UNTOLD

/** What an act that has ended comes to: `wanted` is the phase it should have reached. */
export const outcomeOf = (view: DeploymentView, wanted: DeploymentView['phase']): Outcome => {
  const state = view.act?.state
  if (state === 'cancelled') return { exit: EXIT.interrupted, problem: cancelled(view) }
  if (state === 'failed') {
    const problem = problemOfFailure(view)
    return { exit: exitCodeOfFailedAct(problem.code), problem }
  }
  if (view.phase === wanted) return { exit: EXIT.ok, problem: null }
  if (view.phase === 'degraded') return { exit: EXIT.failed, problem: view.problem ?? DEGRADED }
  // It broke off before its first step: the reason is all there is.
  return view.problem === null
    ? { exit: EXIT.failed, problem: UNTOLD }
    : { exit: exitCodeOfFailedAct(view.problem.code), problem: view.problem }
}
