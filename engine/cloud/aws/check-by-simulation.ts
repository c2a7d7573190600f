import {
  type ContextEntry,
  type EvaluationResult,
  GetRoleCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam'
import type { AwsIdentity } from '../../../contract/app.ts'
import type { AwsAccess } from './access.ts'
import { CLOUD_CALLS, type CloudCall, type Request, requestsOf } from './calls.ts'
import type { Finding, Findings } from './check-findings.ts'
import { kindOfAwsError } from './error-kinds.ts'
import { principalOf } from './identity.ts'

/** Calls about the same things, which one request to the simulator can judge. */
type Batch = { readonly calls: readonly CloudCall[]; readonly requests: readonly Request[] }

const keyOf = (requests: readonly Request[]): string =>
  JSON.stringify(requests.map(({ resource, context }) => [resource, context]))

const batchesOf = (where: { account: string; region: string }): Batch[] => {
  const asked = CLOUD_CALLS.map((call) => ({ call, requests: requestsOf(call, where) }))
  return [...Map.groupBy(asked, ({ requests }) => keyOf(requests)).values()].map((group) => ({
    calls: group.map(({ call }) => call),
    requests: group[0]?.requests ?? [],
  }))
}

/** The simulator knows one context for all things of a request, AWS one for each: their union allows no more here. */
const contextOf = (requests: readonly Request[]): ContextEntry[] =>
  Object.entries(Object.assign({}, ...requests.map(({ context }) => context)) as Request['context']).map(
    ([ContextKeyName, value]) => ({
      ContextKeyName,
      ContextKeyType: typeof value === 'string' ? 'string' : 'stringList',
      ContextKeyValues: typeof value === 'string' ? [value] : [...value],
    }),
  )

const isAllowed = ({ EvalDecision, ResourceSpecificResults = [] }: EvaluationResult): boolean =>
  [EvalDecision, ...ResourceSpecificResults.map((each) => each.EvalResourceDecision)].every(
    (decision) => decision === 'allowed',
  )

const findingOf = (call: CloudCall, results: readonly EvaluationResult[]): Finding => {
  const own = results.filter(({ EvalActionName }) => EvalActionName?.toLowerCase() === call.action.toLowerCase())
  if (own.length === 0) return { call, verdict: 'unknown', why: 'The simulator said nothing of it' }
  return { call, verdict: own.every(isAllowed) ? 'allowed' : 'denied', why: null }
}

const simulate = async (access: AwsAccess, principal: string, { calls, requests }: Batch): Promise<Finding[]> => {
  const request = {
    PolicySourceArn: principal,
    ActionNames: calls.map(({ action }) => action),
    ResourceArns: requests.map(({ resource }) => resource),
    ContextEntries: contextOf(requests),
  }
  const results = await access.list('asking the policy simulator', async (Marker, { iam }, options) => {
    const answer = await iam.send(new SimulatePrincipalPolicyCommand({ ...request, Marker }), options)
    return { items: answer.EvaluationResults, next: answer.Marker }
  })
  return calls.map((call) => findingOf(call, results))
}

/** A role's ARN with its path, which the session's does not tell; without leave to ask, as if it had none. */
const roleArn = async (access: AwsAccess, name: string, otherwise: string): Promise<string> => {
  try {
    const { Role } = await access.ask('looking up the role', ({ iam }, options) =>
      iam.send(new GetRoleCommand({ RoleName: name }), options),
    )
    return Role?.Arn ?? otherwise
  } catch (error) {
    if (mustBeTold(error)) throw error
    return otherwise
  }
}

/** What is no answer to "may I ask that?": it would meet every other call as well. */
const mustBeTold = (error: unknown): boolean =>
  ['expired', 'no-credentials', 'unreachable', 'cancelled'].includes(kindOfAwsError(error))

const METHOD =
  'Found out by IAM’s policy simulator (iam:SimulatePrincipalPolicy), which makes nothing. It cannot know conditions on network address, time or MFA, nor limits of this session alone.'
const ROOT =
  'These are the account’s root credentials: everything is allowed that the organisation does not forbid. Use a user or role with resources/aws/policy.json in their place.'

/**
 * What the caller may do, by IAM's own simulator; `null` where it may not be asked.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
export const simulatePermissions = async (access: AwsAccess, identity: AwsIdentity): Promise<Findings | null> => {
  const principal = principalOf(identity.arn)
  if (principal.kind === 'other') return null
  if (principal.kind === 'root')
    return { method: ROOT, findings: CLOUD_CALLS.map((call) => ({ call, verdict: 'allowed', why: null })) }
  try {
    const arn = principal.kind === 'user' ? principal.arn : await roleArn(access, principal.name, principal.arn)
    const findings: Finding[] = []
    // One after the other: the simulator allows few requests a second.
    for (const batch of batchesOf(identity)) findings.push(...(await simulate(access, arn, batch)))
    return { method: METHOD, findings }
  } catch (error) {
    if (mustBeTold(error)) throw error
    return null
  }
}
