import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'

/**
 * What is deployed when a review is confirmed: the plan as it was shown. Only who is let in stays as open as it was asked
 * for, so that the engine lets this host in anew when its address changes. Pure.
 */
export const confirmedPlan = (reviewed: DeploymentPlan, asked: DeploymentPlan): DeploymentPlan =>
  reviewed.aws === null || asked.aws === null
    ? reviewed
    : { ...reviewed, aws: { ...reviewed.aws, sourceCidr: asked.aws.sourceCidr } }
