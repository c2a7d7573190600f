import { probeOf } from '../domain/config/probe-of.ts'
import type { DeploymentPlan } from '../domain/tunnel-plan.ts'
import { configOf, deployableOf, type LoadedConfig } from '../engine/config/load.ts'
import type { Choosing } from './choose-by-probe.ts'
import { noteNotInForce } from './note-not-in-force.ts'
import type { Report } from './report.ts'
import type { ConfigRequest, World } from './world.ts'

/** What is to be made: a plan, and how a probe is to choose what it leaves to it; `null` where none is. */
export type PlanOrder = { readonly plan: DeploymentPlan; readonly choosing: Choosing | null }

const loadNoting = async (world: World, report: Report, request: ConfigRequest): Promise<LoadedConfig> => {
  const loaded = await world.config.load(request)
  // What is wrong is told before what has no effect.
  configOf(loaded)
  noteNotInForce(report, loaded.notInForce)
  return loaded
}

const UNPROBED =
  'deployment.auto_optimize has no effect here: the plan is taken as it is written. "mole up --auto-optimize" probes first.'

/**
 * The deployment that a configuration asks for, as it is written; says which keys are set to no effect.
 * @throws MoleError `bad-input` naming the option, or file, line, column and key; `not-available`, `not-found`.
 */
export const planOfRequest = async (world: World, report: Report, request: ConfigRequest): Promise<DeploymentPlan> => {
  const loaded = await loadNoting(world, report, request)
  if (configOf(loaded).deployment.auto_optimize) report.note(UNPROBED)
  return deployableOf(loaded)
}

/** The same, with what `deployment.auto_optimize` says. @throws MoleError as `planOfRequest` does. */
export const orderOfRequest = async (world: World, report: Report, request: ConfigRequest): Promise<PlanOrder> => {
  const loaded = await loadNoting(world, report, request)
  const config = configOf(loaded)
  const held = loaded.values.filter(({ origin }) => origin === 'flag').map(({ path }) => path)
  const choosing = config.deployment.auto_optimize ? { probing: probeOf(config), held } : null
  return { plan: deployableOf(loaded), choosing }
}
