import type { Problem, Target } from '../contract/app.ts'
import { MoleError } from '../contract/errors.ts'
import type { DeploymentPlan, TargetId } from '../domain/tunnel-plan.ts'
import type { CloudProvider } from './cloud/provider.ts'
import type { Cloud } from './deployment/deployment.ts'
import { observeLeftovers } from './deployment/observe-leftovers.ts'
import { openHelperLink } from './host/helper-link.ts'
import { errorOf } from './problem.ts'

/** Targets the contract knows but this version cannot reach. */
const LATER: Readonly<Partial<Record<TargetId, { title: string; summary: string; problem: Problem }>>> = {
  aws: {
    title: 'Amazon EC2',
    summary: 'Bastions as EC2 instances in a VPC of yours.',
    problem: {
      code: 'not-available',
      message: 'Amazon EC2 is not part of this version.',
      data: {
        field: 'target',
        meaning: 'This version deploys in the local lab only; nothing was made.',
        nextStep: 'Choose the target "lab".',
      },
    },
  },
}

export type Targets = {
  list(): Promise<Target[]>
  /** The cloud of a plan; of none, where there may be leftovers. @throws MoleError `not-available`. */
  cloudOf(plan: DeploymentPlan | null): Cloud
  /** The cloud in which something is left of a deployment that is not recorded; the first where there is nothing. */
  withResidue(): Promise<Cloud>
  /** Lets go of every helper; they live on. */
  release(): void
}

const targetOf = async (provider: CloudProvider): Promise<Target> => {
  const { id, title, summary } = provider
  const problem = await provider.problem()
  return { id, title, summary, available: problem === null, problem }
}

const unknown = (id: string): MoleError =>
  new MoleError('not-available', `The target "${id}" is not available.`, {
    field: 'target',
    nextStep: 'See "mole doctor".',
  })

/** The clouds there are. The first provider is the one asked for leftovers when nothing is recorded. */
export const openTargets = (providers: readonly CloudProvider[]): Targets => {
  const clouds = new Map<string, Cloud>(
    providers.map((provider) => [provider.id, { provider, host: openHelperLink(provider.host) }]),
  )
  const later = Object.entries(LATER).filter(([id]) => !clouds.has(id))
  const cloudOf: Targets['cloudOf'] = (plan) => {
    const id = plan?.target ?? providers[0]?.id ?? ''
    const cloud = clouds.get(id)
    if (cloud !== undefined) return cloud
    const problem = LATER[id as TargetId]?.problem
    throw problem === undefined ? unknown(id) : errorOf(problem)
  }
  return {
    cloudOf,
    list: async () => [
      ...(await Promise.all(providers.map(targetOf))),
      ...later.map(([id, { title, summary, problem }]) => ({
        id: id as TargetId,
        title,
        summary,
        available: false,
        problem,
      })),
    ],
    withResidue: async () => {
      for (const cloud of clouds.values()) if ((await observeLeftovers(cloud.provider, null)).length > 0) return cloud
      return cloudOf(null)
    },
    release: () => {
      for (const { host } of clouds.values()) host.release()
    },
  }
}
