import { ec2Answer, errorAnswer } from '../aws-answer.ts'
import type { AwsCall } from '../aws-call.ts'
import { type XmlNode, xmlNode } from '../xml.ts'
import { type Emulations, listOf, parameterOf, tagsFor } from './emulation.ts'

export type SpotRequest = {
  readonly id: string
  readonly instanceId: string
  readonly instanceType: string
  readonly createTime: string
  readonly tags: readonly { readonly Key: string; readonly Value: string }[]
  isCancelled: boolean
}

/**
 * A Spot launch by `RunInstances` makes a request that stays to be seen (EC2 User Guide, "Spot Instance request states");
 * moto marks the instance as Spot and makes none.
 */
export type SpotRequests = {
  add(call: AwsCall, instanceIds: readonly string[]): void
  requestOf(instanceId: string): string | undefined
  all(): readonly SpotRequest[]
  readonly emulations: Emulations
}

const filtersOf = (call: AwsCall): { name: string; values: string[] }[] => {
  const filters: { name: string; values: string[] }[] = []
  for (let at = 1; parameterOf(call, `Filter.${at}.Name`) !== ''; at += 1)
    filters.push({ name: parameterOf(call, `Filter.${at}.Name`), values: listOf(call, `Filter.${at}.Value`) })
  return filters
}

/** @param isGone Whether an instance has ended, which closes its request. */
export const makeSpotRequests = (isGone: (instanceId: string) => boolean): SpotRequests => {
  const requests: SpotRequest[] = []
  const stateOf = ({ isCancelled, instanceId }: SpotRequest): string =>
    isGone(instanceId) ? 'closed' : isCancelled ? 'cancelled' : 'active'
  const statusOf = {
    active: 'fulfilled',
    cancelled: 'request-canceled-and-instance-running',
    closed: 'instance-terminated-by-user',
  }

  const traitOf = (request: SpotRequest, name: string): string | undefined => {
    if (name.startsWith('tag:')) return request.tags.find(({ Key }) => Key === name.slice('tag:'.length))?.Value
    if (name === 'state') return stateOf(request)
    if (name === 'instance-id') return request.instanceId
    return name === 'spot-instance-request-id' ? request.id : undefined
  }

  const wanted = (call: AwsCall): SpotRequest[] => {
    const ids = listOf(call, 'SpotInstanceRequestId')
    return requests.filter(
      (request) =>
        (ids.length === 0 || ids.includes(request.id)) &&
        filtersOf(call).every(({ name, values }) => values.includes(traitOf(request, name) ?? '')),
    )
  }

  const describe = (request: SpotRequest): XmlNode => {
    const state = stateOf(request)
    return xmlNode('item', [
      xmlNode('spotInstanceRequestId', request.id),
      xmlNode('type', 'one-time'),
      xmlNode('state', state),
      xmlNode('status', [xmlNode('code', statusOf[state as keyof typeof statusOf])]),
      xmlNode('instanceId', request.instanceId),
      xmlNode('launchSpecification', [xmlNode('instanceType', request.instanceType)]),
      xmlNode('createTime', request.createTime),
      xmlNode(
        'tagSet',
        request.tags.map(({ Key, Value }) => xmlNode('item', [xmlNode('key', Key), xmlNode('value', Value)])),
      ),
    ])
  }

  return {
    add: (call, instanceIds) => {
      for (const instanceId of instanceIds)
        requests.push({
          id: `sir-${String(requests.length + 1).padStart(8, '0')}`,
          instanceId,
          instanceType: parameterOf(call, 'InstanceType'),
          createTime: new Date().toISOString(),
          tags: tagsFor(call, 'spot-instances-request'),
          isCancelled: false,
        })
    },
    requestOf: (instanceId) => requests.find((request) => request.instanceId === instanceId)?.id,
    all: () => requests,
    emulations: {
      'ec2:DescribeSpotInstanceRequests': async (call) =>
        ec2Answer(call, [xmlNode('spotInstanceRequestSet', wanted(call).map(describe))]),
      'ec2:CancelSpotInstanceRequests': async (call) => {
        const unknown = listOf(call, 'SpotInstanceRequestId').find((id) => !requests.some((each) => each.id === id))
        if (unknown !== undefined)
          return errorAnswer(call, {
            code: 'InvalidSpotInstanceRequestID.NotFound',
            message: `The spot instance request ID '${unknown}' does not exist`,
            status: 400,
          })
        const cancelled = wanted(call)
        for (const request of cancelled) request.isCancelled = true
        const items = cancelled.map((request) =>
          xmlNode('item', [xmlNode('spotInstanceRequestId', request.id), xmlNode('state', stateOf(request))]),
        )
        return ec2Answer(call, [xmlNode('spotInstanceRequestSet', items)])
      },
    },
  }
}
