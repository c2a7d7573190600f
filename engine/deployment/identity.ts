import { randomBytes } from 'node:crypto'
import type { TargetId } from '../../domain/tunnel-plan.ts'

/** A new deployment's id, such as `lab-3f9c2a`: short, because it becomes part of names and tags. */
export const newDeploymentId = (target: TargetId): string => `${target}-${randomBytes(3).toString('hex')}`

/** A bastion of the deployment, 1-based. The name is stable, so that a launch repeated after a crash adopts what is there. */
export const bastionId = (deploymentId: string, index: number): string => `${deploymentId}-b${index}`

/** Stands for "no deployment" where a provider is asked what is left although nothing is recorded. */
export const NO_DEPLOYMENT = 'none'
