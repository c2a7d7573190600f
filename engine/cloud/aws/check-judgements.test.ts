import { describe, expect, it } from 'vitest'
import type { AwsVpc } from '../../../contract/app.ts'
import { CLOUD_CALLS } from './calls.ts'
import { judgeTrial } from './check-by-dry-run.ts'
import { type Finding, renderFindings } from './check-findings.ts'
import { judgeOfferings, judgeSubnets, judgeVpc } from './check-places.ts'
import { judgeQuota, usedVcpus } from './check-quotas.ts'
import { type TrialGround, trialOf } from './check-trials.ts'
import { principalOf } from './identity.ts'
import type { OfferedType } from './instance-types.ts'

const type = (name: string, vcpus: number, zones = ['us-west-2a']): OfferedType => ({
  name,
  vcpus,
  zones,
  architecture: 'arm64',
  baselineBitsPerSecond: null,
  peakBitsPerSecond: null,
  isBurstable: false,
})

const subnet = (over: Partial<AwsVpc['subnets'][number]>): AwsVpc['subnets'][number] => ({
  id: 'subnet-1',
  name: '',
  zone: 'us-west-2a',
  cidr: '10.0.0.0/24',
  isPublic: true,
  freeAddresses: 9,
  ...over,
})
const vpc = (subnets: AwsVpc['subnets'], over: Partial<AwsVpc> = {}): AwsVpc => ({
  id: 'vpc-1',
  name: 'research',
  isDefault: true,
  cidrs: ['10.0.0.0/16'],
  subnets,
  ...over,
})

describe('principals', () => {
  it('are told from the ARN of the caller', () => {
    expect(principalOf('arn:aws:iam::123456789012:user/dept/ann')).toEqual({
      kind: 'user',
      arn: 'arn:aws:iam::123456789012:user/dept/ann',
    })
    expect(principalOf('arn:aws-us-gov:sts::123456789012:assumed-role/Lab/ann')).toEqual({
      kind: 'role',
      name: 'Lab',
      arn: 'arn:aws-us-gov:iam::123456789012:role/Lab',
    })
    expect(principalOf('arn:aws:iam::123456789012:root')).toEqual({ kind: 'root' })
    expect(principalOf('arn:aws:sts::123456789012:federated-user/ann')).toEqual({ kind: 'other' })
  })
})

describe('quotas', () => {
  const at = (quota: number, used: number) => ({ quota, used, region: 'us-west-2' })

  it('are enough when the largest type fits', () => {
    expect(judgeQuota('on-demand', at(32, 4), [type('c6gn.medium', 1), type('c6gn.xlarge', 4)])).toMatchObject({
      id: 'quota:L-1216C47A',
      state: 'ok',
      detail: '4 of 32 vCPUs in use, 28 free: room for 28 × c6gn.medium, or 7 × c6gn.xlarge',
      remedy: null,
    })
  })

  it('warn when only smaller types fit, and fail when none does', () => {
    const types = [type('c6gn.medium', 1), type('c6gn.xlarge', 4)]
    expect(judgeQuota('on-demand', at(5, 3), types)).toMatchObject({ state: 'warning' })
    const full = judgeQuota('on-demand', at(5, 5), types)
    expect(full).toMatchObject({ state: 'missing' })
    expect(full.remedy).toContain('at least 9 vCPUs')
    expect(judgeQuota('on-demand', at(0, 0), [])).toMatchObject({ state: 'missing' })
  })

  it('of Spot never stand in the way: Spot is a choice', () => {
    expect(judgeQuota('spot', at(0, 0), [type('c6gn.medium', 1)])).toMatchObject({
      id: 'quota:L-34B43A08',
      state: 'warning',
    })
  })

  it('count what runs, by market, of the standard families', () => {
    const instances = [
      { InstanceType: 'c6gn.medium', State: { Name: 'running' } },
      { InstanceType: 'c6gn.medium', State: { Name: 'stopped' } },
      { InstanceType: 'c6gn.medium', State: { Name: 'pending' }, InstanceLifecycle: 'spot' },
      { InstanceType: 'im4gn.large', State: { Name: 'pending' } },
      { InstanceType: 'inf2.xlarge', State: { Name: 'running' } },
      { InstanceType: 'g5.xlarge', State: { Name: 'running' } },
    ] as const
    const types = [type('c6gn.medium', 1), type('im4gn.large', 2), type('inf2.xlarge', 4), type('g5.xlarge', 4)]
    expect(usedVcpus(instances, types, 'on-demand')).toBe(3)
    expect(usedVcpus(instances, types, 'spot')).toBe(1)
  })
})

describe('places', () => {
  it('need a VPC', () => {
    expect(judgeVpc([vpc([])], null, 'us-west-2')).toMatchObject({
      state: 'ok',
      detail: expect.stringContaining('10.0'),
    })
    const other = vpc([], { isDefault: false })
    expect(judgeVpc([other], null, 'us-west-2')).toMatchObject({
      state: 'missing',
      detail: 'us-west-2 has no default VPC. There are: vpc-1 (research).',
    })
    expect(judgeVpc([other], 'vpc-1', 'us-west-2').state).toBe('ok')
    expect(judgeVpc([other], 'vpc-2', 'us-west-2').state).toBe('missing')
  })

  it('need a public subnet with a free address', () => {
    expect(judgeSubnets(vpc([subnet({})])).state).toBe('ok')
    expect(judgeSubnets(vpc([subnet({ freeAddresses: 0 })]))).toMatchObject({
      state: 'missing',
      detail: expect.stringContaining('no address'),
    })
    expect(judgeSubnets(vpc([subnet({ isPublic: false })]))).toMatchObject({
      state: 'missing',
      remedy: expect.stringContaining('internet gateway'),
    })
  })

  it('need the type in the zone of a public subnet', () => {
    const where = { vpc: vpc([subnet({}), subnet({ zone: 'us-west-2b', isPublic: false })]), region: 'us-west-2' }
    expect(judgeOfferings(['c6gn.medium'], [type('c6gn.medium', 1)], where)).toMatchObject([
      { id: 'offering:c6gn.medium', state: 'ok', detail: '1 vCPU, arm64; offered in us-west-2a' },
    ])
    const elsewhere = type('c6gn.medium', 1, ['us-west-2b'])
    expect(judgeOfferings(['c6gn.medium'], [elsewhere], where)).toMatchObject([{ state: 'missing' }])
    expect(judgeOfferings(['c9x.huge'], [], where)).toMatchObject([
      { state: 'missing', detail: 'not offered in us-west-2' },
    ])
  })

  it('only warn of a type that is passed over', () => {
    const where = { vpc: vpc([subnet({})]), region: 'us-west-2' }
    expect(judgeOfferings(['c9x.huge', 't4g.nano'], [type('t4g.nano', 2)], where)).toMatchObject([
      { state: 'warning' },
      { state: 'ok' },
    ])
  })
})

const NOTHING: TrialGround = {
  vpcId: null,
  subnetId: null,
  imageId: null,
  instanceId: null,
  groupId: null,
  spotRequestId: null,
  routeTableId: null,
}
const EVERYTHING: TrialGround = {
  vpcId: 'vpc-1',
  subnetId: 'subnet-1',
  imageId: 'ami-1',
  instanceId: 'i-1',
  groupId: 'sg-1',
  spotRequestId: 'sir-1',
  routeTableId: 'rtb-1',
}

const callOf = (action: string, createAction?: string) => {
  const found = CLOUD_CALLS.find((call) => call.action === action && call.createAction === createAction)
  if (found === undefined) throw new Error(`${action} is not called`)
  return found
}
const awsError = (name: string, message = '') => Object.assign(new Error(message), { name })

describe('trials', () => {
  it.each(CLOUD_CALLS.map((call) => [`${call.action}, which ${call.purpose}`, call] as const))(
    'know how to try %s',
    (_, call) => expect(trialOf(call, EVERYTHING)).not.toBeNull(),
  )

  it('leave out what there is nothing to try on', () => {
    const left = CLOUD_CALLS.filter((call) => trialOf(call, NOTHING) !== null)
    expect(left.filter(({ touches }) => touches.length > 0)).toEqual([])
    expect(left.length).toBeGreaterThan(10)
  })

  it('are judged by what AWS answers', () => {
    const launch = callOf('ec2:RunInstances')
    expect(judgeTrial(launch, awsError('DryRunOperation'), EVERYTHING).verdict).toBe('allowed')
    expect(judgeTrial(launch, null, EVERYTHING).verdict).toBe('allowed')
    const refusal = awsError(
      'UnauthorizedOperation',
      'You are not authorized to perform: ec2:RunInstances on resource: x',
    )
    expect(judgeTrial(launch, refusal, EVERYTHING).verdict).toBe('denied')
    expect(judgeTrial(launch, new Error('wrapped', { cause: refusal }), EVERYTHING).verdict).toBe('denied')
    expect(judgeTrial(launch, awsError('InvalidSubnetID.NotFound'), EVERYTHING)).toMatchObject({
      verdict: 'unknown',
      why: expect.stringContaining('InvalidSubnetID.NotFound'),
    })
  })

  it('take the lack of what is looked up for leave to look', () => {
    const none = awsError('NoSuchResourceException')
    expect(judgeTrial(callOf('servicequotas:GetServiceQuota'), none, NOTHING).verdict).toBe('allowed')
    expect(judgeTrial(callOf('servicequotas:GetServiceQuota'), awsError('AccessDenied'), NOTHING).verdict).toBe(
      'denied',
    )
  })

  it('do not call denied what was refused for want of a group of ours, or after another action', () => {
    const refusal = awsError('UnauthorizedOperation', 'not authorized to perform: ec2:RunInstances')
    expect(judgeTrial(callOf('ec2:RunInstances'), refusal, { ...EVERYTHING, groupId: null }).verdict).toBe('unknown')
    const tags = awsError('UnauthorizedOperation', 'not authorized to perform: ec2:CreateTags on resource: x')
    expect(judgeTrial(callOf('ec2:CreateSecurityGroup'), tags, EVERYTHING).verdict).toBe('unknown')
    expect(judgeTrial(callOf('ec2:CreateTags', 'CreateSecurityGroup'), tags, EVERYTHING).verdict).toBe('denied')
    const silent = awsError('UnauthorizedOperation', 'You are not authorized to perform this operation.')
    expect(judgeTrial(callOf('ec2:CreateTags', 'CreateSecurityGroup'), silent, EVERYTHING).verdict).toBe('unknown')
    expect(judgeTrial(callOf('ec2:CreateSecurityGroup'), silent, EVERYTHING).verdict).toBe('denied')
  })
})

describe('findings', () => {
  const all = (verdictOf: (call: Finding['call']) => Finding['verdict']) =>
    renderFindings({
      method: 'By trial.',
      findings: CLOUD_CALLS.map((call) => ({ call, verdict: verdictOf(call), why: null })),
    })
  const stateOf = (checks: ReturnType<typeof renderFindings>, id: string) =>
    checks.find((check) => check.id === id)?.state

  it('name every action once, after the method', () => {
    const checks = all(() => 'allowed')
    expect(checks[0]).toMatchObject({ id: 'permissions', state: 'ok', detail: 'By trial.', remedy: null })
    expect(checks.slice(1).map(({ title }) => title)).toEqual([...new Set(CLOUD_CALLS.map(({ action }) => action))])
  })

  it('name what is missing, and how to get it', () => {
    const checks = all(({ action }) => (action === 'ec2:TerminateInstances' ? 'denied' : 'allowed'))
    expect(checks[0]).toMatchObject({ state: 'missing', detail: 'By trial. Not allowed: ec2:TerminateInstances.' })
    expect(checks.find(({ state, id }) => state === 'missing' && id !== 'permissions')).toMatchObject({
      title: 'ec2:TerminateInstances',
      detail: 'not allowed: it ends a bastion',
      remedy: expect.stringContaining('resources/aws/policy.json'),
    })
  })

  it('only warn of what not everybody needs', () => {
    const checks = all(({ only }) => (only === undefined ? 'allowed' : 'denied'))
    expect(stateOf(checks, 'permissions')).toBe('warning')
    expect(stateOf(checks, 'permission:ec2:RunInstances')).toBe('warning')
    expect(checks.filter(({ state }) => state === 'missing')).toEqual([])
  })

  it('only warn of what is not known', () => {
    const checks = all(({ action }) => (action === 'ec2:DeleteSecurityGroup' ? 'unknown' : 'allowed'))
    expect(checks[0]).toMatchObject({ state: 'warning', detail: 'By trial. Not found out: ec2:DeleteSecurityGroup.' })
    expect(stateOf(checks, 'permission:ec2:DeleteSecurityGroup')).toBe('warning')
  })
})
