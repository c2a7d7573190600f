import { MoleError } from '../contract/errors.ts'
import type { DeploymentPlan } from '../domain/tunnel-plan.ts'
import { renderReview } from './render-review.ts'
import type { Report } from './report.ts'
import type { Engine, World } from './world.ts'

/** Nobody is there to be asked, and nobody said yes beforehand. `meaning` is what became of it. */
export const cannotAsk = (meaning = 'Nothing was made.'): MoleError =>
  new MoleError('bad-input', 'There is no terminal to ask you on, and --yes was not given.', {
    field: '--yes',
    meaning,
    nextStep: 'Look at the plan on a terminal, or add --yes to do it without being asked.',
  })

const declined = (meaning = 'Nothing was made.'): MoleError =>
  new MoleError('cancelled', 'Not confirmed.', { meaning, nextStep: 'Give the command again when ready.' })

/** Shows what a plan makes and costs. */
export const showReview = async (
  report: Report,
  engine: Engine,
  plan: DeploymentPlan,
  profile: string | null,
): Promise<void> => report.note(renderReview(await engine.call('deployment.review', { plan, profile })))

/** Asks, where nobody said yes beforehand. @throws MoleError `cancelled` when refused. */
export const confirmed = async (world: World, question: string, isSure: boolean, meaning?: string): Promise<void> => {
  if (isSure) return
  if (!world.isInteractive) throw cannotAsk(meaning)
  if ((await world.confirm(question)) !== true) throw declined(meaning)
}
