import type { Problem } from '../../../contract/app.ts'
import type { Clock } from '../../clock.ts'
import { observeProfiles } from './profiles.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Any of these gives credentials without a profile (AWS SDKs and Tools Reference Guide). */
const GIVERS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
]

/** The metadata service of an instance answers at once; elsewhere nothing does. */
const METADATA_LIMIT_MS = 1500

const NO_CREDENTIALS: Problem = {
  code: 'not-available',
  message: 'There are no AWS credentials on this machine.',
  data: {
    field: 'aws.profile',
    meaning: 'Neither ~/.aws nor the environment nor a role of this machine gives any. The local lab works without.',
    nextStep:
      'Run "aws configure sso" or "aws configure", or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY where Cloud Mole is started.',
  },
}

const hasRole = async (clock: Clock): Promise<boolean> => {
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers')
  const limit = new AbortController()
  const asked = fromNodeProviderChain({ maxRetries: 0, timeout: METADATA_LIMIT_MS })().then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([asked, clock.sleep(METADATA_LIMIT_MS, limit.signal).then(() => false)])
  } finally {
    limit.abort()
  }
}

/**
 * Whether there are credentials at all: `null` when there are. Whether they are valid only AWS knows, and says when it
 * is asked. The network is not used where a file or the environment tells.
 */
export const observeAwsProblem = async (environment: Environment, clock: Clock): Promise<Problem | null> => {
  if (GIVERS.some((name) => (environment[name] ?? '') !== '')) return null
  if ((await observeProfiles(environment)).length > 0) return null
  return (await hasRole(clock)) ? null : NO_CREDENTIALS
}
