import type { AppContract, FoundDeployment } from '../../../contract/app.ts'
import type { Handlers } from '../../../contract/define.ts'
import type { Clock } from '../../clock.ts'
import { type AwsAccess, openAccess } from './access.ts'
import { checkAccount } from './check.ts'
import { observeIdentity } from './identity.ts'
import { observeNetworks } from './networks.ts'
import { readPolicy } from './policy.ts'
import { observeProfiles, regionOf } from './profiles.ts'
import { observeRegions } from './regions.ts'
import { findDeployments, sweepDeployments } from './sweep.ts'

export type AwsAccountOptions = {
  readonly clock: Clock
  /** Ids of what this engine has up or half up: a deployment, the bastion of a probe. */
  idsHere(): readonly string[]
}

/** What the contract asks of an AWS account, deployments apart. */
export type AwsAccountSide = Pick<
  Handlers<AppContract>,
  | 'aws.profiles'
  | 'aws.identity'
  | 'aws.regions'
  | 'aws.networks'
  | 'aws.check'
  | 'aws.policy'
  | 'aws.find'
  | 'aws.sweep'
>

/** Enabled in every account. */
const ANY_REGION = 'us-east-1'

type Named = { readonly profile: string | null; readonly region: string | null }

/**
 * Answers for an AWS account: whose it is, what is there, what is allowed, what was left. Only `aws.sweep` changes
 * anything. A region that is not named is that of the environment or of the profile.
 */
export const openAwsAccount = ({ clock, idsHere }: AwsAccountOptions): AwsAccountSide => {
  const enter = async (
    { profile, region }: Named,
    { signal }: { readonly signal: AbortSignal },
    hasty: boolean,
  ): Promise<AwsAccess> => {
    const account = { profile, region: region ?? (await regionOf(profile)) }
    return openAccess(account, { clock, signal, hasty })
  }
  const marked = (found: readonly Omit<FoundDeployment, 'isOurs'>[]): FoundDeployment[] =>
    found.map((each) => ({ ...each, isOurs: idsHere().includes(each.deployment) }))
  return {
    'aws.profiles': async () => ({ profiles: await observeProfiles() }),
    'aws.identity': async (named, context) => observeIdentity(await enter(named, context, true)),
    'aws.regions': async ({ profile, region }, context) => {
      // Whoever asks which regions there are need not know one yet.
      const asked = region ?? (await regionOf(profile).catch(() => ANY_REGION))
      return { regions: await observeRegions(await enter({ profile, region: asked }, context, true)) }
    },
    'aws.networks': async (named, context) => ({ vpcs: await observeNetworks(await enter(named, context, true)) }),
    'aws.check': async ({ vpcId, instanceTypes, ...named }, context) => ({
      checks: await checkAccount(await enter(named, context, true), { vpcId, instanceTypes }),
    }),
    'aws.policy': async () => ({ text: await readPolicy() }),
    'aws.find': async ({ profile, region: named }, context) => {
      const region = named ?? (await regionOf(profile))
      const access = await enter({ profile, region }, context, true)
      return { region, found: marked(await findDeployments(access)) }
    },
    'aws.sweep': async ({ deployments, ...named }, context) => ({
      log: await sweepDeployments(await enter(named, context, false), deployments, idsHere()),
    }),
  }
}
