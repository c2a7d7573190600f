import type { DeploymentPlan } from '../domain/tunnel-plan.ts'
import { chooseByProbe } from './choose-by-probe.ts'
import type { ConfigOptions } from './config-request.ts'
import { cannotAsk, confirmed } from './confirm-plan.ts'
import { deploy } from './deploy.ts'
import type { ExitCode } from './exit-codes.ts'
import type { PlanOrder } from './plan-of-request.ts'
import { renderReview } from './render-review.ts'
import type { Report } from './report.ts'
import type { TerraformProgram } from './terraform/find-terraform.ts'
import { upViaTerraform } from './terraform/up.ts'
import { changesOf, observeWhatIsUp, renderChange } from './what-is-up.ts'
import type { Engine, World } from './world.ts'

/** What `up` and `multi-up` are told beside the configuration. */
export type UpOptions = ConfigOptions & {
  readonly yes?: boolean
  readonly via?: TerraformProgram
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

/** Probes where that is asked for, shows what the plan makes and costs, asks, has it made, and shows each step. */
export const bringUp = async (
  world: World,
  report: Report,
  { yes: isSure = false, via }: UpOptions,
  { plan: asked, choosing, profile }: PlanOrder & { readonly profile: string | null },
): Promise<ExitCode> => {
  if (!isSure && !world.isInteractive) throw cannotAsk()
  const choose = async (): Promise<DeploymentPlan> => {
    if (choosing === null) return asked
    const engine = await world.engine.findOrStart()
    try {
      return await chooseByProbe(world, report, engine, { plan: asked, profile, isSure }, choosing)
    } finally {
      engine.close()
    }
  }
  const plan = await choose()
  if (via !== undefined) return upViaTerraform(world, report, { plan, profile, isSure, program: via })
  const engine = await world.engine.findOrStart()
  await agree(world, report, engine, { plan, profile }, isSure)
  return deploy(world, report, engine, { plan, profile })
}
