import type { DeploymentPlan } from '../domain/tunnel-plan.ts'
import { outcomeOf } from './act-outcome.ts'
import { cancelOnInterrupt, leftBehind } from './cancel-on-interrupt.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { followAct } from './follow-act.ts'
import { renderSummary } from './render-deployment.ts'
import type { Report } from './report.ts'
import type { Engine, World } from './world.ts'

/** What is to be deployed, by which profile, and of which id where its bastions are there already. */
export type Order = { readonly plan: DeploymentPlan; readonly profile: string | null; readonly id?: string }

const STAYS = 'The engine stays in the background and watches the tunnels, which do not depend on it: mole serve --stop'

/** Has the engine make what is ordered, shows each step, and reports what came of it. Ctrl-C takes it back. */
export const deploy = async (world: World, report: Report, engine: Engine, order: Order): Promise<ExitCode> => {
  const interruption = cancelOnInterrupt(world, report, engine)
  try {
    await engine.call('deployment.deploy', order)
    interruption.repeat()
    const view = await followAct(world, report, engine, interruption.signal)
    const { exit, problem } = outcomeOf(view, 'connected')
    if (problem === null) report.result({ deployment: view }, renderSummary(view, Date.now(), world.hasColour))
    else report.failure(problem, { deployment: view })
    if (exit === EXIT.ok) report.note(STAYS)
    return exit
  } catch (error) {
    if (interruption.signal.aborted) throw leftBehind()
    throw error
  } finally {
    interruption.stop()
  }
}
