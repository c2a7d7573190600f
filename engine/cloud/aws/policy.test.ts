import { runSimulation, runUnsafeSimulation, type Simulation } from '@cloud-copilot/iam-simulate'
import { describe, expect, it } from 'vitest'
import { CLOUD_CALLS, type Request, requestsOf } from './calls.ts'
import { readPolicy } from './policy.ts'

const WHERE = { account: '123456789012', region: 'us-west-2' }
const ME = `arn:aws:iam::${WHERE.account}:user/me`

const text = await readPolicy()
const policy: unknown = JSON.parse(text)

/** Parameters of Amazon belong to no account; the simulator's list of ARNs does not know that, so it may not check them. */
const isAmazons = (resource: string): boolean => resource.startsWith(`arn:aws:ssm:${WHERE.region}::`)

const isAllowed = async ({ action, resource, context }: Request): Promise<boolean> => {
  const simulation: Simulation = {
    identityPolicies: [{ name: 'published', policy }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    request: {
      principal: ME,
      action,
      resource: { resource, accountId: WHERE.account },
      contextVariables: Object.fromEntries(
        Object.entries(context).map(([key, value]) => [key, typeof value === 'string' ? value : [...value]]),
      ),
    },
  }
  if (isAmazons(resource)) return runUnsafeSimulation(simulation, {}) === 'Allowed'
  const answer = await runSimulation(simulation, {})
  if (answer.resultType === 'error') throw new Error(`${action} on ${resource}: ${JSON.stringify(answer.errors)}`)
  return answer.overallResult === 'Allowed'
}

const title = ({ action, resource, context }: Request): string =>
  `${action} on ${resource.split(':').at(-1)} ${JSON.stringify(context)}`

const requests = CLOUD_CALLS.flatMap((call) => requestsOf(call, WHERE))
const without = (request: Request, key: RegExp): Request => ({
  ...request,
  context: Object.fromEntries(Object.entries(request.context).filter(([name]) => !key.test(name))),
})
const having = (key: RegExp): Request[] =>
  requests.filter(({ context }) => Object.keys(context).some((name) => key.test(name)))

const refused: Request[] = [
  ...having(/^aws:RequestTag/).map((each) => without(each, /^aws:(RequestTag|TagKeys)/)),
  ...having(/^aws:ResourceTag/).map((each) => without(each, /^aws:ResourceTag/)),
  ...having(/^ec2:CreateAction/).map((each) => without(each, /^ec2:CreateAction/)),
  ...having(/^ec2:Owner/).map((each) => without(each, /^ec2:Owner/)),
]

const changed = (request: Request, key: string, value: string | readonly string[]): Request => ({
  ...request,
  context: { ...request.context, [key]: value },
})

describe('the published policy', () => {
  it('fits into a managed policy of IAM', () => {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: white space is not counted.
    expect(text.replace(/\s/g, '').length).toBeLessThanOrEqual(6144)
  })

  it.each(requests.map((request) => [title(request), request] as const))('allows %s', async (_, request) => {
    expect(await isAllowed(request)).toBe(true)
  })

  it.each(refused.map((request) => [title(request), request] as const))('denies %s', async (_, request) => {
    expect(await isAllowed(request)).toBe(false)
  })

  it('takes no other tag for ours', async () => {
    const ours = having(/^aws:ResourceTag\/mole:deployment/).map((request) =>
      changed(without(request, /^aws:ResourceTag/), 'aws:ResourceTag/owner', 'aws-3f9c2a'),
    )
    const madeByOthers = having(/^aws:ResourceTag\/mole:deployment/).map((request) =>
      changed(request, 'aws:ResourceTag/mole:deployment', 'theirs'),
    )
    const tables = having(/^aws:ResourceTag\/mole:routes/).map((request) =>
      changed(request, 'aws:ResourceTag/mole:routes', 'no'),
    )
    for (const request of [...ours, ...madeByOthers, ...tables])
      expect(await isAllowed(request), title(request)).toBe(false)
  })

  it('lets nobody put our tag, or the mark of a route table, on what is there', async () => {
    for (const request of having(/^ec2:CreateAction/)) {
      const mark = changed(request, 'aws:TagKeys', ['mole:deployment', 'mole:routes'])
      const later = changed(request, 'ec2:CreateAction', 'CreateVolume')
      expect(await isAllowed(mark), title(mark)).toBe(false)
      expect(await isAllowed(later), title(later)).toBe(false)
    }
  })

  it('lets things of ours be used for nothing else', async () => {
    const ours = { 'aws:ResourceTag/mole:deployment': 'aws-3f9c2a' }
    const arn = (rest: string) => `arn:aws:ec2:${WHERE.region}:${WHERE.account}:${rest}`
    const strange: Request[] = [
      { action: 'ec2:StopInstances', resource: arn('instance/i-1'), context: ours },
      { action: 'ec2:AssociateIamInstanceProfile', resource: arn('instance/i-1'), context: ours },
      { action: 'ec2:DeleteTags', resource: arn('instance/i-1'), context: ours },
      { action: 'ec2:AuthorizeSecurityGroupEgress', resource: arn('security-group/sg-1'), context: ours },
      { action: 'ec2:CreateKeyPair', resource: arn('key-pair/mine'), context: {} },
      { action: 'ec2:RunInstances', resource: arn('key-pair/mine'), context: {} },
      { action: 'ec2:DeleteVpc', resource: arn('vpc/vpc-1'), context: {} },
      { action: 'ec2:CreateVolume', resource: arn('volume/vol-1'), context: {} },
      { action: 'iam:PassRole', resource: `arn:aws:iam::${WHERE.account}:role/admin`, context: {} },
      { action: 'iam:CreateUser', resource: `arn:aws:iam::${WHERE.account}:user/new`, context: {} },
      {
        action: 'ssm:GetParameter',
        resource: `arn:aws:ssm:${WHERE.region}:${WHERE.account}:parameter/secret`,
        context: {},
      },
      { action: 'ssm:GetParameter', resource: `arn:aws:ssm:${WHERE.region}::parameter/aws/service/other`, context: {} },
      {
        action: 'ssm:GetParameter',
        resource: `arn:aws:ssm:${WHERE.region}:${WHERE.account}:parameter/aws/service/ami-amazon-linux-latest/x`,
        context: {},
      },
    ]
    for (const request of strange) expect(await isAllowed(request), title(request)).toBe(false)
  })
})
