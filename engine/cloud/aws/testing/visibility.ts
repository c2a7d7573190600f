import { type AwsAnswer, type AwsError, errorAnswer } from './aws-answer.ts'
import type { AwsCall } from './aws-call.ts'
import { allNodes, parseXml, renderXml, type XmlNode } from './xml.ts'

/**
 * Eventual consistency: what was just made is not found yet, neither by its id nor in lists (EC2 Developer Guide,
 * "Ensuring eventual consistency").
 */

const ID = /^(i|sg|sgr|vol|eni|rtb|subnet|eipalloc)-[0-9a-f]{8,17}$/

const NOT_FOUND: Readonly<Record<string, readonly [code: string, what: string]>> = {
  i: ['InvalidInstanceID.NotFound', 'instance ID'],
  sg: ['InvalidGroup.NotFound', 'security group'],
  sgr: ['InvalidSecurityGroupRuleId.NotFound', 'security group rule'],
  vol: ['InvalidVolume.NotFound', 'volume'],
  eni: ['InvalidNetworkInterfaceID.NotFound', 'networkInterface ID'],
  rtb: ['InvalidRouteTableID.NotFound', 'routeTable ID'],
  subnet: ['InvalidSubnetID.NotFound', 'subnet ID'],
  eipalloc: ['InvalidAllocationID.NotFound', 'allocation ID'],
}

const notFound = (id: string): AwsError => {
  const [code, what] = NOT_FOUND[id.split('-')[0] ?? ''] ?? ['InvalidID', 'ID']
  return { code, message: `The ${what} '${id}' does not exist`, status: 400 }
}

const idsIn = (parameters: AwsCall['parameters']): string[] =>
  Object.values(parameters).filter((value): value is string => typeof value === 'string' && ID.test(value))

/** Ids an answer names that the request did not: what it made. */
const madeIn = (call: AwsCall, answer: AwsAnswer): string[] => {
  const named = idsIn(call.parameters)
  const texts = allNodes(parseXml(answer.body)).map(({ text }) => text.trim())
  return texts.filter((text) => ID.test(text) && !named.includes(text) && !text.startsWith('subnet-'))
}

const withoutHidden = (node: XmlNode, isHidden: (id: string) => boolean): void => {
  node.children = node.children.filter(
    (child) => child.name !== 'item' || !child.children.some(({ text }) => isHidden(text.trim())),
  )
  for (const child of node.children) withoutHidden(child, isHidden)
  // A reservation without its instances would not be there either.
  node.children = node.children.filter(
    (child) =>
      child.name !== 'item' || child.children.every((set) => set.name !== 'instancesSet' || set.children.length > 0),
  )
}

/** @param clock Milliseconds; a test may hold it in its hands. */
export const makeVisibility = (clock: () => number) => {
  const hiddenUntil = new Map<string, number>()
  const isHidden = (id: string): boolean => (hiddenUntil.get(id) ?? 0) > clock()

  return {
    /** Hides what this answer says was made. */
    hide: (call: AwsCall, answer: AwsAnswer, forMs: number): void => {
      for (const id of madeIn(call, answer)) hiddenUntil.set(id, clock() + forMs)
    },
    /** The answer to a request that names something hidden. */
    refuse: (call: AwsCall): AwsAnswer | null => {
      const id = idsIn(call.parameters).find(isHidden)
      return id === undefined ? null : errorAnswer(call, notFound(id))
    },
    /** Takes what is hidden out of a list. */
    strip: (call: AwsCall, answer: AwsAnswer): AwsAnswer => {
      if (call.service !== 'ec2' || !call.action.startsWith('Describe') || ![...hiddenUntil.keys()].some(isHidden))
        return answer
      const root = parseXml(answer.body)
      withoutHidden(root, isHidden)
      return { ...answer, body: renderXml(root) }
    },
  }
}
