import type { AwsAnswer } from '../aws-answer.ts'
import type { AwsCall } from '../aws-call.ts'
import type { Hypervisor, Machine } from '../hypervisor.ts'
import { allNodes, childOf, parseXml, renderXml, textOf, type XmlNode, xmlNode } from '../xml.ts'
import type { SpotRequests } from './spot-requests.ts'
import type { Terminations } from './terminations.ts'

type Parts = {
  readonly hypervisor: Hypervisor
  readonly spot: SpotRequests
  readonly terminations: Terminations
}

const setState = (state: XmlNode, code: number, name: string): void => {
  state.children = [xmlNode('code', String(code)), xmlNode('name', name)]
}

const remove = (node: XmlNode, names: readonly string[]): void => {
  node.children = node.children.filter(({ name }) => !names.includes(name))
}

/** A new instance has no public address yet, nor anything that speaks of it (EC2 User Guide, "Instance lifecycle"). */
const showPending = (item: XmlNode, state: XmlNode): void => {
  setState(state, 0, 'pending')
  remove(item, ['ipAddress', 'dnsName'])
  for (const node of allNodes(item)) remove(node, ['association'])
}

/** Codes of `InstanceState` (EC2 API Reference). */
const showInstance = (item: XmlNode, { hypervisor, spot, terminations }: Parts): void => {
  const id = textOf(item, 'instanceId')
  const state = childOf(item, 'instanceState')
  if (id === undefined || state === undefined) return
  const name = textOf(state, 'name')
  if ((name === 'running' || name === 'pending') && hypervisor.find(id)?.address == null) showPending(item, state)
  if (name === 'terminated' && terminations.isShuttingDown(id)) setState(state, 32, 'shutting-down')
  const request = spot.requestOf(id)
  if (
    request !== undefined &&
    childOf(item, 'instanceType') !== undefined &&
    textOf(item, 'spotInstanceRequestId') === undefined
  )
    item.children.push(xmlNode('spotInstanceRequestId', request))
}

/** A route whose target has ended leads nowhere (VPC User Guide, "Route table concepts": `blackhole`). */
const showRoute = (item: XmlNode, gone: readonly Machine[]): void => {
  const state = childOf(item, 'state')
  const target = [textOf(item, 'instanceId'), textOf(item, 'networkInterfaceId')]
  const leadsTo = gone.some(
    ({ instanceId, networkInterfaceIds }) =>
      target.includes(instanceId) || networkInterfaceIds.some((id) => target.includes(id)),
  )
  if (state !== undefined && leadsTo) state.text = 'blackhole'
}

/** moto invents public addresses; the bastion's is the one the DTN reaches, in the lab's 203.0.113.0/24 (RFC 5737). */
const withReachableAddresses = (text: string, machines: readonly Machine[]): string => {
  const reachable = new Map<string, string>()
  for (const { inventedAddress, address } of machines)
    if (inventedAddress !== null && address !== null) reachable.set(inventedAddress, address)
  return text.replaceAll(/\d+([.-])\d+\1\d+\1\d+/g, (found, mark: string) => {
    const address = reachable.get(found.replaceAll(mark, '.'))
    return address === undefined ? found : address.replaceAll('.', mark)
  })
}

/** What moto says of instances, put right by what the lab is. */
export const showAsTheLabIs = (call: AwsCall, answer: AwsAnswer, parts: Parts): AwsAnswer => {
  if (call.service !== 'ec2' || answer.status !== 200 || !/Instance|NetworkInterface|RouteTable/.test(call.action))
    return answer
  if (/InstanceType/.test(call.action)) return answer
  const root = parseXml(answer.body)
  const items = allNodes(root).filter(({ name }) => name === 'item')
  const gone = parts.hypervisor.all().filter(({ isGone }) => isGone)
  for (const item of items) {
    showInstance(item, parts)
    if (call.action === 'DescribeRouteTables') showRoute(item, gone)
  }
  return { ...answer, body: withReachableAddresses(renderXml(root), parts.hypervisor.all()) }
}
