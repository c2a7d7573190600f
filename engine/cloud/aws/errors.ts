import { type ErrorCode, type ErrorData, MoleError } from '../../../contract/errors.ts'
import { awsCodeOf, kindOfAwsError } from './error-kinds.ts'

type Told = { readonly code: ErrorCode; readonly message: string } & ErrorData

/**
 * What AWS says of a wrong signature may repeat what it was made of, the session token among it (Signature Version 4,
 * "Troubleshooting"); so may, of a request that does not fit, whoever stands in between.
 */
const REPEATED =
  /\s*(The Canonical String for this request|The String-to-Sign|Encoded authorization failure message:|x-amz-security-token|AWS4-HMAC-SHA256).*$/is

/** AWS's own words: without the encoded part that only an administrator can decode, without credentials, short, and a sentence. */
const wordsOf = (error: unknown): string => {
  const words = error instanceof Error ? error.message : String(error)
  const short = words.replace(REPEATED, '').slice(0, 600).trim()
  return /[.!?…]$/.test(short) ? short : `${short}.`
}

/** The action that was refused, e.g. `ec2:RunInstances`; `null` where AWS does not say. */
const refusedAction = (error: unknown): string | null =>
  /perform:? (?:the )?([a-z0-9-]+:[A-Za-z]+)/.exec(wordsOf(error))?.[1] ?? null

/** How to log in again; a browser session of the profile, or whatever gave the credentials. */
const howToLogIn = (profile: string | null): string =>
  profile === null
    ? 'Log in again: "aws sso login", or put fresh credentials into the environment that starts Cloud Mole ("mole serve --stop" first) or into ~/.aws. Then ask again.'
    : `Log in again: "aws sso login --profile ${profile}", or put fresh keys for it into ~/.aws/credentials. Then ask again: it goes on where it stopped.`

const whose = (profile: string | null): string => (profile === null ? '' : ` of the profile "${profile}"`)

const tell = (error: unknown, doing: string, profile: string | null): Told => {
  const aws = awsCodeOf(error)
  const words = wordsOf(error)
  switch (kindOfAwsError(error)) {
    case 'expired':
      return {
        code: 'credentials-expired',
        message: `The AWS credentials${whose(profile)} have expired or are not valid (${doing}).`,
        field: 'aws.profile',
        meaning: `AWS: ${aws}: ${words}`,
        nextStep: howToLogIn(profile),
      }
    case 'no-credentials':
      return {
        code: 'credentials-expired',
        message: `There are no AWS credentials${whose(profile)} (${doing}).`,
        field: 'aws.profile',
        meaning: words,
        nextStep:
          profile === null
            ? 'Choose a profile of ~/.aws/config (aws.profile), log in with "aws sso login", or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY where Cloud Mole is started.'
            : `See that the profile "${profile}" is in ~/.aws/config, and log in: "aws sso login --profile ${profile}".`,
      }
    case 'denied': {
      const action = refusedAction(error)
      return {
        code: 'denied',
        message: `AWS does not let these credentials do ${action ?? 'this'} (${doing}).`,
        field: action ?? 'aws.profile',
        meaning: `AWS: ${aws}: ${words}`,
        nextStep:
          'Give them the policy that Cloud Mole publishes (resources/aws/policy.json); "mole init" names every action that is missing.',
      }
    }
    case 'quota':
      return {
        code: 'quota-exceeded',
        message: `A quota of the AWS account is used up (${doing}).`,
        field: aws,
        meaning: `AWS: ${words}`,
        nextStep: 'Ask for more in the console under Service Quotas, or choose smaller or fewer instances.',
      }
    case 'capacity':
      return {
        code: 'capacity',
        message: `AWS has no room for this now (${doing}).`,
        field: aws,
        meaning: `AWS: ${words}`,
        nextStep: 'Choose other instance types (aws.instance_types) or other zones, or try again later.',
      }
    case 'throttled':
      return {
        code: 'timeout',
        message: `AWS has refused for too long, because the account asks too much at once (${doing}).`,
        field: aws,
        meaning: `AWS: ${words}`,
        nextStep: 'Wait some minutes and ask again: it goes on where it stopped.',
      }
    case 'unreachable':
      return {
        code: 'disconnected',
        message: `AWS cannot be reached (${doing}).`,
        field: 'network',
        meaning: words,
        nextStep:
          'See that this host reaches the internet, and that AWS_ENDPOINT_URL, if set, is right. Then ask again.',
      }
    case 'garbled':
      return {
        code: 'disconnected',
        message: `AWS’s answer was cut off or is not one of AWS (${doing}).`,
        field: 'network',
        meaning: `${words.split('\n')[0]} What was asked for may have been done; asking again finds it.`,
        nextStep:
          'Ask again. If it stays so, see what stands between this host and AWS (proxy, sign-in page of a network).',
      }
    case 'server':
      return {
        code: 'not-available',
        message: `AWS has a fault of its own now (${doing}).`,
        field: aws,
        meaning: `AWS: ${words}`,
        nextStep: 'Try again later; https://health.aws.amazon.com tells of known faults.',
      }
    case 'cancelled':
      return { code: 'cancelled', message: `Cancelled (${doing}).` }
    case 'other':
      return {
        code: /NotFound$|\.NotFound/.test(aws) ? 'not-found' : 'not-available',
        message: `AWS refused: ${aws} (${doing}).`,
        field: aws,
        meaning: `AWS: ${words}`,
        nextStep: 'See what the message names; "mole init" checks identity, permissions and quotas.',
      }
  }
}

/**
 * Any error of the SDK, of AWS or of the way there, as one that says what to do.
 * @param doing what was tried, as words that fit into brackets, e.g. `launching aws-3f9c2a-b1`
 * @param profile the credentials profile in use, `null` where the environment gives the credentials
 */
export const awsErrorOf = (error: unknown, doing: string, profile: string | null = null): MoleError => {
  if (error instanceof MoleError) return error
  const { code, message, ...data } = tell(error, doing, profile)
  return new MoleError(code, message, data, { cause: error })
}
