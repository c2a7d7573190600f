import { CreateTagsCommand, DescribeInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2'
import { type AwsAnswer, awsError, ec2Answer, errorAnswer } from '../aws-answer.ts'
import type { AwsCall } from '../aws-call.ts'
import { allInstances } from '../holdings.ts'
import type { Hypervisor } from '../hypervisor.ts'
import type { Moto } from '../moto.ts'
import { allNodes, parseXml, textOf, xmlNode } from '../xml.ts'
import { type Emulation, type Emulations, isSuccess, listOf, parameterOf, tagsFor } from './emulation.ts'
import type { SpotRequests } from './spot-requests.ts'
import type { Terminations } from './terminations.ts'

export type InstanceParts = {
  readonly moto: Moto
  readonly hypervisor: Hypervisor
  readonly spot: SpotRequests
  readonly terminations: Terminations
}

/** Ids in the `instancesSet` of an answer. */
export const instanceIdsIn = (answer: AwsAnswer): string[] => {
  const sets = allNodes(parseXml(answer.body)).filter(({ name }) => name === 'instancesSet')
  return sets.flatMap(({ children }) => children.map((item) => textOf(item, 'instanceId') ?? ''))
}

/**
 * moto takes no notice of tags for network interfaces made by a launch; AWS sets them (EC2 API Reference, "RunInstances",
 * TagSpecification).
 */
const tagInterfaces = async ({ moto }: InstanceParts, call: AwsCall, instanceIds: string[]): Promise<void> => {
  const Tags = tagsFor(call, 'network-interface')
  if (Tags.length === 0) return
  const { Reservations = [] } = await moto.ec2.send(new DescribeInstancesCommand({ InstanceIds: instanceIds }))
  const Resources = Reservations.flatMap(({ Instances = [] }) => Instances)
    .flatMap(({ NetworkInterfaces = [] }) => NetworkInterfaces)
    .map(({ NetworkInterfaceId = '' }) => NetworkInterfaceId)
  await moto.ec2.send(new CreateTagsCommand({ Resources, Tags }))
}

const launch =
  (parts: InstanceParts): Emulation =>
  async (call, forward) => {
    const answer = await forward()
    if (!isSuccess(answer)) return answer
    const ids = instanceIdsIn(answer)
    await tagInterfaces(parts, call, ids)
    if (parameterOf(call, 'InstanceMarketOptions.MarketType') === 'spot') parts.spot.add(call, ids)
    void parts.hypervisor.settle()
    return answer
  }

type Launched = { readonly said: string; readonly answer: Promise<AwsAnswer> }

/**
 * moto launches anew each time; AWS launches once for a client token, gives the same answer to the same request, and
 * refuses another one with it (EC2 Developer Guide, "Ensuring idempotency in Amazon EC2 API requests").
 */
const once = (work: Emulation): Emulation => {
  const byToken = new Map<string, Launched>()
  return async (call, forward) => {
    const token = parameterOf(call, 'ClientToken')
    if (token === '') return work(call, forward)
    const said = JSON.stringify(Object.entries(call.parameters).sort(([a], [b]) => (a < b ? -1 : 1)))
    const known = byToken.get(`${call.region} ${token}`)
    if (known !== undefined && known.said !== said)
      return errorAnswer(
        call,
        awsError(
          'IdempotentParameterMismatch',
          'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
        ),
      )
    if (known !== undefined) return known.answer
    const answer = work(call, forward)
    byToken.set(`${call.region} ${token}`, { said, answer })
    if (!isSuccess(await answer)) byToken.delete(`${call.region} ${token}`)
    return answer
  }
}

/**
 * moto has one console text for all; this is what the bastion printed, as a serial console writes it. Without `Latest`
 * AWS gives what it had when the instance last started or stopped (EC2 API Reference, "GetConsoleOutput"): nothing yet.
 */
const consoleOutput =
  ({ hypervisor }: InstanceParts): Emulation =>
  async (call, forward) => {
    const instanceId = parameterOf(call, 'InstanceId')
    const known = await forward()
    if (!isSuccess(known)) return known
    const isAsked = parameterOf(call, 'Latest') === 'true' || hypervisor.find(instanceId)?.isGone === true
    const text = isAsked ? (await hypervisor.consoleOf(instanceId)).replaceAll('\n', '\r\n') : ''
    return ec2Answer(call, [
      xmlNode('instanceId', instanceId),
      xmlNode('timestamp', new Date().toISOString()),
      ...(text === '' ? [] : [xmlNode('output', Buffer.from(text).toString('base64'))]),
    ])
  }

/** What holds in moto holds in the lab before the answer is given. */
const felt =
  ({ hypervisor }: InstanceParts): Emulation =>
  async (_call, forward) => {
    const answer = await forward()
    await hypervisor.settle()
    return answer
  }

/**
 * moto stumbles over instances that have ended already; for AWS "terminating" one of them again is a success (EC2 API
 * Reference, "TerminateInstances").
 */
const terminateAgain =
  ({ moto }: InstanceParts): Emulation =>
  async (call, forward) => {
    const ids = listOf(call, 'InstanceId')
    const known = (await allInstances(moto)).filter(({ InstanceId = '' }) => ids.includes(InstanceId))
    const live = known.filter(({ State }) => State?.Name !== 'terminated').map(({ InstanceId = '' }) => InstanceId)
    if (known.length < ids.length || live.length === ids.length) return forward()
    if (live.length > 0) await moto.ec2.send(new TerminateInstancesCommand({ InstanceIds: live }))
    const ended = xmlNode('currentState', [xmlNode('code', '48'), xmlNode('name', 'terminated')])
    return ec2Answer(call, [
      xmlNode(
        'instancesSet',
        ids.map((id) => xmlNode('item', [xmlNode('instanceId', id), ended])),
      ),
    ])
  }

export const instanceEmulations = (parts: InstanceParts): Emulations => ({
  'ec2:AuthorizeSecurityGroupIngress': felt(parts),
  'ec2:RevokeSecurityGroupIngress': felt(parts),
  'ec2:ModifyInstanceAttribute': felt(parts),
  'ec2:DeleteRoute': felt(parts),
  'ec2:ReplaceRoute': felt(parts),
  'ec2:RunInstances': once(launch(parts)),
  'ec2:GetConsoleOutput': consoleOutput(parts),
  'ec2:TerminateInstances': async (call, forward) => {
    const ids = listOf(call, 'InstanceId')
    const groups = await parts.terminations.groupsOf(ids)
    const answer = await terminateAgain(parts)(call, forward)
    if (!isSuccess(answer)) return answer
    parts.terminations.begin(ids, groups)
    await parts.hypervisor.settle()
    return answer
  },
})
