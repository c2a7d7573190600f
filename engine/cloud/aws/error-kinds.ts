/** What an error of the SDK, of AWS or of the network on the way means for us. */
export type AwsErrorKind =
  | 'no-credentials'
  | 'expired'
  | 'denied'
  | 'quota'
  | 'capacity'
  | 'throttled'
  | 'unreachable'
  | 'garbled'
  | 'server'
  | 'cancelled'
  | 'other'

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const CODES: Readonly<Record<string, AwsErrorKind>> = {
  ExpiredToken: 'expired',
  ExpiredTokenException: 'expired',
  RequestExpired: 'expired',
  InvalidToken: 'expired',
  InvalidClientTokenId: 'expired',
  UnrecognizedClientException: 'expired',
  AuthFailure: 'expired',
  SignatureDoesNotMatch: 'expired',
  InvalidSignatureException: 'expired',
  TokenProviderError: 'expired',
  MissingAuthenticationToken: 'no-credentials',
  MissingAuthenticationTokenException: 'no-credentials',
  CredentialsProviderError: 'no-credentials',
  UnauthorizedOperation: 'denied',
  UnauthorizedException: 'expired',
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  Blocked: 'denied',
  OptInRequired: 'denied',
  PendingVerification: 'denied',
  VcpuLimitExceeded: 'quota',
  InstanceLimitExceeded: 'quota',
  MaxSpotInstanceCountExceeded: 'quota',
  SecurityGroupLimitExceeded: 'quota',
  SecurityGroupsPerInstanceLimitExceeded: 'quota',
  RulesPerSecurityGroupLimitExceeded: 'quota',
  NetworkInterfaceLimitExceeded: 'quota',
  AddressLimitExceeded: 'quota',
  VolumeLimitExceeded: 'quota',
  MaxIOPSLimitExceeded: 'quota',
  RouteLimitExceeded: 'quota',
  ResourceLimitExceeded: 'quota',
  InsufficientInstanceCapacity: 'capacity',
  InsufficientHostCapacity: 'capacity',
  InsufficientCapacity: 'capacity',
  InsufficientAddressCapacity: 'capacity',
  InsufficientFreeAddressesInSubnet: 'capacity',
  InsufficientVolumeCapacity: 'capacity',
  SpotMaxPriceTooLow: 'capacity',
  Unsupported: 'capacity',
  UnsupportedHostConfiguration: 'capacity',
  RequestLimitExceeded: 'throttled',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  ThrottledException: 'throttled',
  TooManyRequestsException: 'throttled',
  RequestThrottled: 'throttled',
  RequestThrottledException: 'throttled',
  EC2ThrottledException: 'throttled',
  SlowDown: 'throttled',
  BandwidthLimitExceeded: 'throttled',
  PriorRequestNotComplete: 'throttled',
  TimeoutError: 'unreachable',
  NetworkingError: 'unreachable',
  RequestTimeout: 'unreachable',
  RequestTimeoutException: 'unreachable',
  InternalError: 'server',
  InternalFailure: 'server',
  InternalServerError: 'server',
  ServiceUnavailable: 'server',
  ServiceUnavailableException: 'server',
  Unavailable: 'server',
  AbortError: 'cancelled',
}

/** Of Node: the network, or a name that does not resolve (errno(3), getaddrinfo(3)). */
const NETWORK =
  /^(E(CONN(RESET|REFUSED|ABORTED)|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NETDOWN|NOTFOUND|AI_AGAIN|PROTO)|CERT_.*|UND_ERR_.*|ERR_TLS.*|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_.*)$/

type Anything = {
  readonly name?: unknown
  readonly Code?: unknown
  readonly code?: unknown
  readonly message?: unknown
  readonly cause?: unknown
  readonly $response?: unknown
  readonly $metadata?: { readonly httpStatusCode?: unknown }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const anything = (error: unknown): Anything => (typeof error === 'object' && error !== null ? error : {})

/** What AWS calls an error, e.g. `InvalidGroup.NotFound`; for others the name of the class. */
export const awsCodeOf = (error: unknown): string => {
  const { name, Code } = anything(error)
  return text(Code) || text(name)
}

const isSessionOver = (message: string): boolean =>
  /\b(sso|session|token)\b.*\b(expired|invalid|not found|aws sso login)\b/i.test(message)

const kindOfStatus = (status: unknown): AwsErrorKind => {
  if (typeof status !== 'number') return 'other'
  if (status === 429) return 'throttled'
  if (status === 401 || status === 403) return 'denied'
  if (status >= 500) return 'server'
  // The answer came and could not be read: an error of ours in it has a code and is not an ordinary Error.
  return status === 200 ? 'garbled' : 'other'
}

/** What kind of error it is. What is not known is `other`: then AWS's own words are passed on. */
export const kindOfAwsError = (error: unknown): AwsErrorKind => {
  const { code, cause, message, $metadata } = anything(error)
  const known = CODES[awsCodeOf(error)]
  if (known === 'no-credentials' && isSessionOver(text(message))) return 'expired'
  if (known !== undefined) return known
  if (NETWORK.test(text(code))) return 'unreachable'
  if (/limitexceeded$/i.test(awsCodeOf(error))) return 'quota'
  const byStatus = kindOfStatus($metadata?.httpStatusCode)
  return byStatus === 'other' && cause !== undefined && cause !== error ? kindOfAwsError(cause) : byStatus
}
