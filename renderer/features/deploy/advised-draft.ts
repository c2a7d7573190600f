import { planWith } from '../../../domain/probe/changes.ts'
import { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { type Advice, draftOf, type PlanDraft, parseDraft } from './plan-draft.ts'

/** The draft as a probe recommends it. The advice stays with it: what another target begins with is to have it, too. Pure. */
export const advisedDraft = (draft: PlanDraft, advice: Advice): PlanDraft => {
  const plan = parseDraft(draft).plan ?? DeploymentPlan.parse({})
  return { ...draftOf(planWith(plan, advice.recommendation)), allowedTypes: draft.allowedTypes, advice }
}
