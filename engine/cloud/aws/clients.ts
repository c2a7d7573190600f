import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2'
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

/** The price list is asked without `AwsAccess`: there the SDK tries so often by itself, waiting for real. */
const PRICING_ATTEMPTS = 3

const attempt = (count: number) => ({
  getRetryCount: () => count,
  getRetryCost: () => 0,
  getRetryDelay: () => 0,
})

/** The SDK has just set its clock by what AWS told in its refusal (a mark of its own on the error). */
const isClockSet = (error: unknown): boolean =>
  (error as { $metadata?: { clockSkewCorrected?: boolean } } | undefined)?.$metadata?.clockSkewCorrected === true

/**
 * Trying again is `retrying`'s, on the engine's clock and with its patience. The SDK does it by itself, at once and once,
 * only where this host's clock was wrong: nobody else knows that it is right now.
 */
const RETRIES = {
  acquireInitialRetryToken: async () => attempt(0),
  refreshRetryTokenForRetry: async (last, { error }) => {
    if (last.getRetryCount() > 0 || !isClockSet(error)) throw new Error('not tried again')
    return attempt(1)
  },
  recordSuccess: () => undefined,
} satisfies EC2ClientConfig['retryStrategy']

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
    requestHandler: {
      connectionTimeout: CONNECT_LIMIT_MS,
      requestTimeout: ANSWER_LIMIT_MS,
      throwOnRequestTimeout: true,
    },
  } as const
  const once = { ...config, retryStrategy: RETRIES, maxAttempts: 2 }
  const clients: AwsClients = {
    ec2: new EC2Client(once),
    iam: new IAMClient(once),
    pricing: new PricingClient({ ...config, region: PRICING_REGION, maxAttempts: PRICING_ATTEMPTS }),
    serviceQuotas: new ServiceQuotasClient(once),
    ssm: new SSMClient(once),
    sts: new STSClient(once),
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
