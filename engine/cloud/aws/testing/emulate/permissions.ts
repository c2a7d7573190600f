import { type AwsAnswer, awsError, errorAnswer, queryAnswer, speaksJson } from '../aws-answer.ts'
import type { AwsCall } from '../aws-call.ts'
import { xmlNode } from '../xml.ts'
import type { Account } from './account.ts'
import { type Emulations, listOf, parameterOf } from './emulation.ts'

const nameOf = ({ service, action }: AwsCall): string => `${service}:${action}`

const refusal = (call: AwsCall): AwsAnswer => {
  const message = `You are not authorized to perform this operation: ${nameOf(call)}`
  if (speaksJson(call)) return errorAnswer(call, awsError('AccessDeniedException', message))
  return errorAnswer(call, awsError(call.service === 'ec2' ? 'UnauthorizedOperation' : 'AccessDenied', message))
}

/**
 * Permissions, before anything else is looked at. moto has `DryRun` for some actions; AWS has it for all of EC2's (EC2
 * API Reference, "Common query parameters"): `DryRunOperation` or `UnauthorizedOperation`, and nothing is done.
 * @returns `null` when the call may go on
 */
export const judgePermission = (call: AwsCall, { denied }: Account): AwsAnswer | null => {
  if (denied.has(nameOf(call))) return refusal(call)
  if (call.service !== 'ec2' || parameterOf(call, 'DryRun') !== 'true') return null
  return errorAnswer(call, awsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.'))
}

/**
 * IAM's simulator, which moto lacks (IAM API Reference, "SimulatePrincipalPolicy"): says what `denied` says, for every
 * resource alike. Whether a policy allows what is done on which resource is not for this one to find out.
 */
export const permissionEmulations = ({ denied }: Account): Emulations => ({
  'iam:SimulatePrincipalPolicy': async (call) => {
    const resources = listOf(call, 'ResourceArns.member')
    const results = listOf(call, 'ActionNames.member').map((action) =>
      xmlNode('member', [
        xmlNode('EvalActionName', action),
        xmlNode('EvalResourceName', resources[0] ?? '*'),
        xmlNode('EvalDecision', denied.has(action) ? 'implicitDeny' : 'allowed'),
        xmlNode('MatchedStatements', []),
        xmlNode('MissingContextValues', []),
      ]),
    )
    return queryAnswer(call, [xmlNode('IsTruncated', 'false'), xmlNode('EvaluationResults', results)])
  },
  // moto names its caller as no user is named: IAM's users are `arn:aws:iam::` (IAM User Guide, "IAM identifiers").
  'sts:GetCallerIdentity': async (_call, forward) => {
    const answer = await forward()
    return { ...answer, body: answer.body.replace(/arn:aws:sts::(\d+):user\//, 'arn:aws:iam::$1:user/') }
  },
})
