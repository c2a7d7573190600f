import {
  DescribeInstancesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  DescribeRegionsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2'
import { type EvaluationResult, GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam'
import { GetProductsCommand, PricingClient } from '@aws-sdk/client-pricing'
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate'
import { mockClient } from 'aws-sdk-client-mock'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hurriedClock } from '../../testing/hurried-clock.ts'
import { openAccess } from './access.ts'
import { CLOUD_CALLS } from './calls.ts'
import { checkAccount } from './check.ts'
import { readPolicy } from './policy.ts'

const USER = 'arn:aws:iam::123456789012:user/ann'

const mocks = {
  ec2: mockClient(EC2Client),
  iam: mockClient(IAMClient),
  pricing: mockClient(PricingClient),
  quotas: mockClient(ServiceQuotasClient),
  ssm: mockClient(SSMClient),
  sts: mockClient(STSClient),
}

const awsError = (name: string, message = name): Error => Object.assign(new Error(message), { name })
const denied = (action: string): Error =>
  awsError(
    action.startsWith('ec2:') ? 'UnauthorizedOperation' : 'AccessDenied',
    `User: ${USER} is not authorized to perform: ${action} on resource: *`,
  )

/** AWS's simulator, standing on an independent one: each action on each thing, under the context given. */
const simulatedBy =
  (policy: unknown) =>
  (input: SimulatePrincipalPolicyCommand['input']): { EvaluationResults: EvaluationResult[] } => {
    const contextVariables = Object.fromEntries(
      (input.ContextEntries ?? []).map(({ ContextKeyName = '', ContextKeyType, ContextKeyValues = [] }) => [
        ContextKeyName,
        ContextKeyType === 'stringList' ? ContextKeyValues : (ContextKeyValues[0] ?? ''),
      ]),
    )
    const decide = (action: string, resource: string) =>
      runUnsafeSimulation(
        {
          identityPolicies: [{ name: 'attached', policy }],
          serviceControlPolicies: [],
          resourceControlPolicies: [],
          request: {
            principal: USER,
            action,
            resource: { resource, accountId: '123456789012' },
            contextVariables,
          },
        },
        {},
      ) === 'Allowed'
        ? 'allowed'
        : 'implicitDeny'
    return {
      EvaluationResults: (input.ActionNames ?? []).map((action) => {
        const each = (input.ResourceArns ?? []).map((resource) => decide(action, resource))
        return {
          EvalActionName: action,
          EvalDecision: each.every((decision) => decision === 'allowed') ? 'allowed' : 'implicitDeny',
          ResourceSpecificResults: each.map((EvalResourceDecision, at) => ({
            EvalResourceName: input.ResourceArns?.[at] ?? '',
            EvalResourceDecision,
          })),
        }
      }),
    }
  }

/** Answers a call, but not one that is only tried. */
const unlessTried =
  (answer: object) =>
  ({ DryRun }: { readonly DryRun?: boolean }): object => {
    if (DryRun === true) throw awsError('DryRunOperation')
    return answer
  }

const check = (over: Partial<Parameters<typeof checkAccount>[1]> = {}) => {
  const access = openAccess(
    { profile: null, region: 'us-west-2' },
    { clock: hurriedClock(), signal: new AbortController().signal, hasty: true },
  )
  return checkAccount(access, { vpcId: null, instanceTypes: ['c6gn.medium'], ...over })
}
type Checks = Awaited<ReturnType<typeof check>>
const bad = (checks: Checks): string[] => checks.filter(({ state }) => state !== 'ok').map(({ id }) => id)

beforeEach(async () => {
  const { ec2, iam, pricing, quotas, ssm, sts } = mocks
  sts.on(GetCallerIdentityCommand).resolves({ Account: '123456789012', Arn: USER })
  const policy: unknown = JSON.parse(await readPolicy())
  iam.on(SimulatePrincipalPolicyCommand).callsFake(simulatedBy(policy))
  ec2.onAnyCommand().callsFake((input: { DryRun?: boolean }) => {
    throw awsError(input.DryRun === true ? 'DryRunOperation' : 'Unexpected')
  })
  ec2.on(DescribeRegionsCommand).callsFake(unlessTried({ Regions: [{ RegionName: 'us-west-2' }] }))
  ec2
    .on(DescribeVpcsCommand)
    .callsFake(unlessTried({ Vpcs: [{ VpcId: 'vpc-1', IsDefault: true, CidrBlock: '10.0.0.0/16' }] }))
  ec2.on(DescribeSubnetsCommand).callsFake(
    unlessTried({
      Subnets: [
        {
          SubnetId: 'subnet-1',
          VpcId: 'vpc-1',
          AvailabilityZone: 'us-west-2a',
          CidrBlock: '10.0.0.0/24',
          AvailableIpAddressCount: 9,
        },
      ],
    }),
  )
  ec2.on(DescribeRouteTablesCommand).callsFake(
    unlessTried({
      RouteTables: [
        {
          RouteTableId: 'rtb-1',
          VpcId: 'vpc-1',
          Associations: [{ Main: true }],
          Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' }],
        },
      ],
    }),
  )
  ec2.on(DescribeInstanceTypesCommand).callsFake(
    unlessTried({
      InstanceTypes: [
        {
          InstanceType: 'c6gn.medium',
          VCpuInfo: { DefaultVCpus: 1 },
          ProcessorInfo: { SupportedArchitectures: ['arm64'] },
        },
      ],
    }),
  )
  ec2.on(DescribeInstanceTypeOfferingsCommand).callsFake(
    unlessTried({
      InstanceTypeOfferings: [{ InstanceType: 'c6gn.medium', Location: 'us-west-2a' }],
    }),
  )
  ec2.on(DescribeInstancesCommand).callsFake(unlessTried({ Reservations: [] }))
  ec2.on(DescribeSecurityGroupsCommand).callsFake(unlessTried({ SecurityGroups: [] }))
  ec2.on(DescribeSpotInstanceRequestsCommand).callsFake(unlessTried({ SpotInstanceRequests: [] }))
  quotas.on(GetServiceQuotaCommand).resolves({ Quota: { Value: 32 } })
  ssm.on(GetParameterCommand).resolves({ Parameter: { Value: 'ami-0123456789abcdef0' } })
  pricing.on(GetProductsCommand).resolves({ PriceList: [] })
})
afterEach(() => {
  for (const mock of Object.values(mocks)) mock.reset()
})
afterAll(() => {
  for (const mock of Object.values(mocks)) mock.restore()
})

/** Who one is nobody can be kept from asking (STS API Reference, GetCallerIdentity). */
const refusable = [...new Set(CLOUD_CALLS.map(({ action }) => action))].filter(
  (action) => action !== 'sts:GetCallerIdentity',
)

describe('the check', () => {
  it('finds nothing wrong with the published policy, asking the simulator', async () => {
    const checks = await check()
    expect(bad(checks)).toEqual([])
    expect(checks[0]?.detail).toBe(`${USER} in account 123456789012`)
    expect(checks.find(({ id }) => id === 'permissions')?.detail).toContain('SimulatePrincipalPolicy')
    expect(checks.filter(({ id }) => id.startsWith('permission:'))).toHaveLength(
      new Set(CLOUD_CALLS.map(({ action }) => action)).size,
    )
  })

  it.each(refusable)('names %s when the policy lacks it', async (action) => {
    const policy = JSON.parse(await readPolicy()) as { Statement: { Action: string | string[] }[] }
    const lacking = policy.Statement.map((each) => ({
      ...each,
      Action: [each.Action].flat().filter((name) => name !== action),
    })).filter(({ Action }) => Action.length > 0)
    mocks.iam.on(SimulatePrincipalPolicyCommand).callsFake(simulatedBy({ ...policy, Statement: lacking }))
    expect(bad(await check())).toEqual(['permissions', `permission:${action}`])
  })

  it('asks about a role by its whole path', async () => {
    mocks.sts
      .on(GetCallerIdentityCommand)
      .resolves({ Account: '123456789012', Arn: 'arn:aws:sts::123456789012:assumed-role/Lab/ann' })
    const Arn = 'arn:aws:iam::123456789012:role/science/Lab'
    mocks.iam.on(GetRoleCommand, { RoleName: 'Lab' }).resolves({
      Role: { Arn, RoleName: 'Lab', RoleId: 'AROA', Path: '/science/', CreateDate: new Date(0) },
    })
    await check()
    const asked = mocks.iam
      .commandCalls(SimulatePrincipalPolicyCommand)
      .map(({ args }) => args[0].input.PolicySourceArn)
    expect(new Set(asked)).toEqual(new Set([Arn]))
  })

  it('tries the calls without making anything where the simulator may not be asked', async () => {
    mocks.iam.on(SimulatePrincipalPolicyCommand).rejects(denied('iam:SimulatePrincipalPolicy'))
    const checks = await check()
    const permissions = checks.find(({ id }) => id === 'permissions')
    expect(permissions?.detail).toContain('DryRun')
    // Nothing of ours is there: what changes only what is ours cannot be tried, and is said to be so.
    expect(permissions).toMatchObject({ state: 'warning', detail: expect.stringContaining('Not found out:') })
    expect(bad(checks)).toContain('permission:ec2:TerminateInstances')
    expect(checks.find(({ id }) => id === 'permission:ec2:RunInstances')?.state).toBe('ok')
    const writes = mocks.ec2.calls().filter(({ args }) => !args[0].constructor.name.startsWith('Describe'))
    expect(writes.length).toBeGreaterThan(2)
    expect(writes.filter(({ args }) => (args[0].input as { DryRun?: boolean }).DryRun !== true)).toEqual([])
  })

  it('goes on where something may not be looked at', async () => {
    mocks.ec2.on(DescribeVpcsCommand).rejects(denied('ec2:DescribeVpcs'))
    mocks.ec2.on(DescribeInstancesCommand).rejects(denied('ec2:DescribeInstances'))
    mocks.quotas.on(GetServiceQuotaCommand).rejects(denied('servicequotas:GetServiceQuota'))
    const checks = await check()
    expect(checks.find(({ id }) => id === 'vpc')).toMatchObject({ state: 'missing' })
    expect(checks.find(({ id }) => id === 'quota:L-1216C47A')).toMatchObject({ state: 'warning' })
    expect(checks.find(({ id }) => id === 'permissions')?.state).toBe('ok')
  })

  it('says how to log in, and asks nothing else, without credentials that are good', async () => {
    mocks.sts.on(GetCallerIdentityCommand).rejects(awsError('ExpiredToken'))
    const checks = await check()
    expect(checks).toMatchObject([{ id: 'credentials', state: 'missing', remedy: expect.stringContaining('Log in') }])
    expect(mocks.ec2.calls()).toEqual([])
  })

  it('ends with how to log in when credentials expire in the middle', async () => {
    mocks.iam.on(SimulatePrincipalPolicyCommand).rejects(awsError('ExpiredToken'))
    await expect(check()).rejects.toMatchObject({ code: 'credentials-expired' })
  })

  it('names a region that is not enabled, and a quota that is used up', async () => {
    mocks.ec2.on(DescribeRegionsCommand).resolves({ Regions: [{ RegionName: 'eu-west-1' }] })
    mocks.quotas.on(GetServiceQuotaCommand).resolves({ Quota: { Value: 0 } })
    expect(bad(await check())).toEqual(['region', 'quota:L-1216C47A', 'quota:L-34B43A08'])
  })
})
