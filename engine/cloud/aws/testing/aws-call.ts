import type { IncomingHttpHeaders } from 'node:http'

/** One request to AWS, decoded. */
export type AwsCall = {
  /** Number among all calls of this world, from 1. */
  readonly ordinal: number
  /** Number among those of the same action, from 1. */
  readonly actionOrdinal: number
  /** As IAM names it: `ec2`, `ssm`, `sts`, `iam`, `servicequotas`, `pricing`. */
  readonly service: string
  readonly action: string
  readonly region: string
  /** Query APIs: flat, `Filter.1.Name`; JSON APIs: the object. User data is decoded to its text. */
  readonly parameters: Readonly<Record<string, unknown>>
  /** Everything the client said: method, path, headers and body. */
  readonly raw: string
}

export type RawRequest = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

type Spoken = Pick<AwsCall, 'service' | 'action' | 'region' | 'parameters'>

/** Signature Version 4: `Credential=KEY/DATE/REGION/SERVICE/aws4_request`. */
const SCOPE = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\/aws4_request/

const USER_DATA = 'UserData'

const queryParameters = (body: string): Record<string, string> => {
  const { Action: _action, Version: _version, ...parameters } = Object.fromEntries(new URLSearchParams(body))
  const userData = parameters[USER_DATA]
  return userData === undefined
    ? parameters
    : { ...parameters, [USER_DATA]: Buffer.from(userData, 'base64').toString('utf8') }
}

const jsonParameters = (body: string): Record<string, unknown> => {
  try {
    return JSON.parse(body) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** What a request asks for: Query APIs say it in the body, JSON APIs in a header. */
export const parseSpoken = ({ headers, body }: RawRequest): Spoken => {
  const [, region = 'us-east-1', service = 'unknown'] = SCOPE.exec(headers.authorization ?? '') ?? []
  const target = headers['x-amz-target']
  if (typeof target === 'string')
    return { service, region, action: target.split('.').at(-1) ?? '', parameters: jsonParameters(body) }
  const action = new URLSearchParams(body).get('Action') ?? ''
  return { service, region, action, parameters: queryParameters(body) }
}

export const renderRaw = ({ method, url, headers, body }: RawRequest): string =>
  [`${method} ${url}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`), '', body].join(
    '\n',
  )

/** Whether a parameter, at whatever depth, is this very text. */
export const mentions = ({ parameters }: AwsCall, text: string): boolean => {
  const holds = (value: unknown): boolean =>
    value === text || (typeof value === 'object' && value !== null && Object.values(value).some(holds))
  return holds(parameters)
}
