import { EC2Client } from '@aws-sdk/client-ec2'
import { IAMClient } from '@aws-sdk/client-iam'
import { PricingClient } from '@aws-sdk/client-pricing'
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas'
import { SSMClient } from '@aws-sdk/client-ssm'
import { STSClient } from '@aws-sdk/client-sts'
import { fromNodeProviderChain } from '@aws-sdk/credential-providers'
import { kindOfAwsError } from './error-kinds.ts'

/** Whose credentials, `null` for what the environment gives; and where. */
export type AwsAccount = { readonly profile: string | null; readonly region: string }

export type AwsClients = {
  readonly ec2: EC2Client
  readonly iam: IAMClient
  readonly pricing: PricingClient
  readonly serviceQuotas: ServiceQuotasClient
  readonly ssm: SSMClient
  readonly sts: STSClient
}

/** The SDK tries so often by itself, waiting for real; longer patience is `retrying`'s, with the engine's clock. */
const MAX_ATTEMPTS = 3
const CONNECT_LIMIT_MS = 5000
const ANSWER_LIMIT_MS = 30_000

/** The price list is served in few regions, each with the prices of all. */
const PRICING_REGION = 'us-east-1'

const open = ({ profile, region }: AwsAccount, forget: () => void): AwsClients => {
  const named = profile === null ? {} : { profile }
  const config = {
    ...named,
    region,
    // Without the cache: a login in another terminal changes the files.
    credentials: fromNodeProviderChain({ ...named, ignoreCache: true, clientConfig: { region } }),
    retryMode: 'standard',
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECT_LIMIT_MS,
      requestTimeout: ANSWER_LIMIT_MS,
      throwOnRequestTimeout: true,
    },
  } as const
  const clients: AwsClients = {
    ec2: new EC2Client(config),
    iam: new IAMClient(config),
    pricing: new PricingClient({ ...config, region: PRICING_REGION }),
    serviceQuotas: new ServiceQuotasClient(config),
    ssm: new SSMClient(config),
    sts: new STSClient(config),
  }
  for (const { middlewareStack } of Object.values(clients) as Pick<EC2Client, 'middlewareStack'>[])
    middlewareStack.add(
      (next) => async (args) => {
        try {
          return await next(args)
        } catch (error) {
          // The SDK keeps credentials that have no date of expiry for ever.
          if (['expired', 'no-credentials'].includes(kindOfAwsError(error))) forget()
          throw error
        }
      },
      { step: 'initialize', name: 'moleForgetsExpiredCredentials' },
    )
  return clients
}

const opened = new Map<string, AwsClients>()

/**
 * The SDK's clients of an account in a region: credentials by the SDK's own chain (profile, SSO, environment, role),
 * `AWS_ENDPOINT_URL` honoured. They are kept until credentials turn out to have expired, so ask for them at each use:
 * after a login the next ones read the credentials anew.
 */
export const awsClients = (account: AwsAccount): AwsClients => {
  const key = JSON.stringify([account.profile, account.region])
  const known = opened.get(key)
  if (known !== undefined) return known
  const made = open(account, () => opened.delete(key))
  opened.set(key, made)
  return made
}
