import { describe, expect, it } from 'vitest'
import { MoleError } from '../../../contract/errors.ts'
import { awsErrorOf } from './errors.ts'
import { awsFault } from './testing/fake-aws.ts'

const network = (code: string): Error => Object.assign(new Error(`connect ${code} 192.0.2.1:443`), { code })
const withStatus = (status: number): Error =>
  Object.assign(new Error('it says'), { $metadata: { httpStatusCode: status } })
const credentials = (message: string): Error => Object.assign(new Error(message), { name: 'CredentialsProviderError' })

describe('awsErrorOf', () => {
  it.each([
    ['ExpiredToken', 'credentials-expired'],
    ['ExpiredTokenException', 'credentials-expired'],
    ['RequestExpired', 'credentials-expired'],
    ['InvalidClientTokenId', 'credentials-expired'],
    ['AuthFailure', 'credentials-expired'],
    ['UnauthorizedOperation', 'denied'],
    ['AccessDenied', 'denied'],
    ['AccessDeniedException', 'denied'],
    ['VcpuLimitExceeded', 'quota-exceeded'],
    ['InstanceLimitExceeded', 'quota-exceeded'],
    ['MaxSpotInstanceCountExceeded', 'quota-exceeded'],
    ['RulesPerSecurityGroupLimitExceeded', 'quota-exceeded'],
    ['SomethingNewLimitExceeded', 'quota-exceeded'],
    ['InsufficientInstanceCapacity', 'capacity'],
    ['InsufficientFreeAddressesInSubnet', 'capacity'],
    ['Unsupported', 'capacity'],
    ['SpotMaxPriceTooLow', 'capacity'],
    ['RequestLimitExceeded', 'timeout'],
    ['ThrottlingException', 'timeout'],
    ['InternalError', 'not-available'],
    ['InvalidVpcID.NotFound', 'not-found'],
    ['SomethingNobodyKnows', 'not-available'],
  ])('%s is %s, and says what was done, what it means and what to do', (name, code) => {
    const error = awsErrorOf(awsFault(name, 'AWS’s own words'), 'trying')
    expect(error).toMatchObject({ code, message: expect.stringContaining('(trying)') })
    expect(error.data.meaning).toContain('AWS’s own words')
    expect(error.data.nextStep).toMatch(/\S/)
  })

  it.each([
    'ECONNREFUSED',
    'ECONNRESET',
    'ENOTFOUND',
    'EAI_AGAIN',
    'ETIMEDOUT',
    'ENETUNREACH',
    'EHOSTUNREACH',
    'EPIPE',
  ])('%s: AWS cannot be reached', (code) => {
    expect(awsErrorOf(network(code), 'trying')).toMatchObject({ code: 'disconnected', data: { field: 'network' } })
    expect(awsErrorOf(new Error('fetch failed', { cause: network(code) }), 'trying').code).toBe('disconnected')
  })

  it.each([
    [200, 'disconnected'],
    [403, 'denied'],
    [429, 'timeout'],
    [500, 'not-available'],
    [503, 'not-available'],
  ])('an answer without a code and with status %i is %s', (status, code) => {
    expect(awsErrorOf(withStatus(status), 'trying').code).toBe(code)
  })

  it('says how to log in again, with the profile in use', () => {
    for (const error of [
      awsFault('ExpiredToken'),
      credentials(
        'The SSO session associated with this profile has expired. To refresh this SSO session run aws sso login',
      ),
      credentials('Token is expired'),
    ])
      expect(awsErrorOf(error, 'trying', 'research')).toMatchObject({
        code: 'credentials-expired',
        message: expect.stringContaining('expired'),
        data: { field: 'aws.profile', nextStep: expect.stringContaining('aws sso login --profile research') },
      })
    expect(awsErrorOf(awsFault('ExpiredToken'), 'trying').data.nextStep).toContain('"aws sso login"')
  })

  it('tells credentials that are not there from those that have expired', () => {
    const error = awsErrorOf(credentials('Could not load credentials from any providers'), 'trying')
    expect(error).toMatchObject({
      code: 'credentials-expired',
      message: expect.stringContaining('There are no AWS credentials'),
    })
  })

  it('names the action that is not allowed, and leaves out what only an administrator can decode', () => {
    const words =
      'You are not authorized to perform this operation. User: arn:aws:iam::1:user/me is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:x because no identity-based policy allows it. Encoded authorization failure message: AbCdEf'
    const error = awsErrorOf(awsFault('UnauthorizedOperation', words), 'launching')
    expect(error.data.field).toBe('ec2:RunInstances')
    expect(error.message).toContain('ec2:RunInstances')
    expect(JSON.stringify(error.data)).not.toContain('AbCdEf')
    expect(error.data.nextStep).toContain('policy')
  })

  it('leaves out what a wrong signature was made of: the session token stands in it', () => {
    const token = 'FwoGZXIvYXdzCANARYCANARY'
    const words = (what: string): string =>
      `The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.\n\n${what}`
    const canonical = `'POST\n/\n\nhost:sts.amazonaws.com\nx-amz-date:20260101T000000Z\nx-amz-security-token:${token}\n'`
    for (const what of [
      `The Canonical String for this request should have been\n${canonical}`,
      `The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n${token}'`,
      `X-Amz-Security-Token: ${token}`,
    ]) {
      const { message, data } = awsErrorOf(awsFault('SignatureDoesNotMatch', words(what)), 'trying')
      expect(data.meaning).toContain('does not match')
      expect(message + JSON.stringify(data)).not.toContain('CANARY')
    }
  })

  it('leaves errors of ours as they are', () => {
    const ours = new MoleError('conflict', 'ours')
    expect(awsErrorOf(ours, 'trying')).toBe(ours)
  })

  it.each([null, undefined, 'text', 7, {}, []])('bears %j', (thrown) => {
    expect(awsErrorOf(thrown, 'trying')).toBeInstanceOf(MoleError)
  })
})
