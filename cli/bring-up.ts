import type { DeploymentPlan } from '../domain/tunnel-plan.ts'
import type { ConfigOptions } from './config-request.ts'
import { cannotAsk, confirmed, showReview } from './confirm-plan.ts'
import { deploy } from './deploy.ts'
import type { ExitCode } from './exit-codes.ts'
import { notInThisVersion } from './not-in-this-version.ts'
import type { Report } from './report.ts'
import type { TerraformProgram } from './terraform/find-terraform.ts'
import { upViaTerraform } from './terraform/up.ts'
import type { World } from './world.ts'

/** What `up` and `multi-up` are told beside the configuration. */
export type UpOptions = ConfigOptions & {
  readonly yes?: boolean
  readonly autoOptimize?: boolean
  readonly via?: TerraformProgram
}

/** @throws MoleError `not-available`: there is no probe yet whose measurements could choose. */
export const refuseAutoOptimize = ({ autoOptimize }: UpOptions): void => {
  if (autoOptimize !== true) return
  throw notInThisVersion('"mole up --auto-optimize"', {
    field: '--auto-optimize',
    meaning: 'It needs a probe of the network, which this version does not have. Nothing was made.',
    nextStep:
      'Choose yourself: mole up --tunnels N --mtu BYTES. "mole lab traffic" then measures what the tunnels of the lab carry.',
  })
}

/** Shows what a plan makes and costs, asks, has it made, and shows each step. */
export const bringUp = async (
  world: World,
  report: Report,
  { yes: isSure = false, via }: UpOptions,
  { plan, profile }: { readonly plan: DeploymentPlan; readonly profile: string | null },
): Promise<ExitCode> => {
  if (!isSure && !world.isInteractive) throw cannotAsk()
  if (via !== undefined) return upViaTerraform(world, report, { plan, profile, isSure, program: via })
  const engine = await world.engine.findOrStart()
  await showReview(report, engine, plan, profile)
  await confirmed(world, 'Make it?', isSure)
  return deploy(world, report, engine, { plan, profile })
}
