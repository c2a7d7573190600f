import type { Target } from '../contract/app.ts'
import { MoleError } from '../contract/errors.ts'
import type { TargetId } from '../domain/tunnel-plan.ts'
import type { CloudProvider } from './cloud/provider.ts'
import type { Cloud } from './deployment/deployment.ts'
import { observeLeftovers } from './deployment/observe-leftovers.ts'
import { openHelperLink } from './host/helper-link.ts'

export type Targets = {
  list(): Promise<Target[]>
  /** The cloud that a plan names; of none, where there may be leftovers. @throws MoleError `not-available`. */
  cloudOf(plan: { readonly target: TargetId } | null): Cloud
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
  const cloudOf: Targets['cloudOf'] = (plan) => {
    const id = plan?.target ?? providers[0]?.id ?? ''
    const cloud = clouds.get(id)
    if (cloud !== undefined) return cloud
    throw unknown(id)
  }
  return {
    cloudOf,
    list: () => Promise.all(providers.map(targetOf)),
    withResidue: async () => {
      for (const cloud of clouds.values()) if ((await observeLeftovers(cloud.provider, null)).length > 0) return cloud
      return cloudOf(null)
    },
    release: () => {
      for (const { host } of clouds.values()) host.release()
    },
  }
}
