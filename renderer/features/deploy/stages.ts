import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'

/** The wizard's pages by target, in their order; each is the last part of its address. */
const STAGES = {
  lab: ['target', 'tunnels', 'review', 'progress', 'connected'],
  aws: ['target', 'network', 'capacity', 'security', 'review', 'progress', 'connected'],
} as const

export type Stage = (typeof STAGES)['lab' | 'aws'][number]

export const STAGE_TITLES: Readonly<Record<Stage, string>> = {
  target: 'Target',
  tunnels: 'Tunnels',
  network: 'Network',
  capacity: 'Capacity',
  security: 'Security',
  review: 'Review',
  progress: 'Progress',
  connected: 'Connected',
}

export const stagesOf = (target: DeploymentPlan['target']): readonly Stage[] => STAGES[target]

const addressOf = (stage: Stage): string => (stage === 'target' ? '/deploy' : `/deploy/${stage}`)

const neighbour = (target: DeploymentPlan['target'], stage: Stage, by: 1 | -1): string => {
  const stages = stagesOf(target)
  return addressOf(stages[stages.indexOf(stage) + by] ?? 'target')
}

/** Address of the page after this one. */
export const nextOf = (target: DeploymentPlan['target'], stage: Stage): string => neighbour(target, stage, 1)

/** Address of the page before this one. */
export const previousOf = (target: DeploymentPlan['target'], stage: Stage): string => neighbour(target, stage, -1)
