import type { DeploymentPlan } from '../domain/tunnel-plan.ts'
import type { ConfigOptions } from './config-request.ts'
import { cannotAsk, confirmed } from './confirm-plan.ts'
import { deploy } from './deploy.ts'
import type { ExitCode } from './exit-codes.ts'
import { notInThisVersion } from './not-in-this-version.ts'
import { renderReview } from './render-review.ts'
import type { Report } from './report.ts'
import type { TerraformProgram } from './terraform/find-terraform.ts'
import { upViaTerraform } from './terraform/up.ts'
import { changesOf, observeWhatIsUp, renderChange } from './what-is-up.ts'
import type { Engine, World } from './world.ts'

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

type Order = { readonly plan: DeploymentPlan; readonly profile: string | null }

/** Shows what is made, or what changes of that which is up, and asks. Where nothing changes there is nothing to ask. */
const agree = async (world: World, report: Report, engine: Engine, order: Order, isSure: boolean): Promise<void> => {
  const [review, up] = await Promise.all([engine.call('deployment.review', order), observeWhatIsUp(engine)])
  report.note(up === null ? renderReview(review) : renderChange(up, review, order.profile))
  if (up === null) await confirmed(world, 'Make it?', isSure)
  else if (changesOf(up.plan, review.plan).length > 0)
    await confirmed(world, 'Change it?', isSure, 'Nothing was changed.')
}

/** Shows what a plan makes and costs, asks, has it made, and shows each step. */
export const bringUp = async (
  world: World,
  report: Report,
  { yes: isSure = false, via }: UpOptions,
  { plan, profile }: Order,
): Promise<ExitCode> => {
  if (!isSure && !world.isInteractive) throw cannotAsk()
  if (via !== undefined) return upViaTerraform(world, report, { plan, profile, isSure, program: via })
  const engine = await world.engine.findOrStart()
  await agree(world, report, engine, { plan, profile }, isSure)
  return deploy(world, report, engine, { plan, profile })
}
