import type { DeploymentPlan } from '../domain/tunnel-plan.ts'
import { deployableOf } from '../engine/config/load.ts'
import { noteNotInForce } from './note-not-in-force.ts'
import type { Report } from './report.ts'
import type { ConfigRequest, World } from './world.ts'

/**
 * The deployment that a configuration asks for; says which keys are set to no effect.
 * @throws MoleError `bad-input` naming the option, or file, line, column and key; `not-available`, `not-found`.
 */
export const planOfRequest = async (world: World, report: Report, request: ConfigRequest): Promise<DeploymentPlan> => {
  const loaded = await world.config.load(request)
  const plan = deployableOf(loaded)
  noteNotInForce(report, loaded.notInForce)
  return plan
}
