import type { Filter, ResourceType, Tag, TagSpecification } from '@aws-sdk/client-ec2'

/** Everything we make carries it, with the deployment's id; nothing without it is ever changed or deleted. */
export const DEPLOYMENT_TAG = 'mole:deployment'
/** With the bastion's id, on what belongs to one bastion. */
export const BASTION_TAG = 'mole:bastion'

/** Number of a bastion, read from its id (`aws-3f9c2a-b2` → 2); `null` when it is none of ours. */
export const indexOfBastionId = (bastionId: string): number | null => {
  const digits = /-b([1-9][0-9]?)$/.exec(bastionId)?.[1]
  return digits === undefined ? null : Number(digits)
}

const name = (value: string): Tag => ({ Key: 'Name', Value: value })

/** Tags of what all bastions of a deployment share. */
export const deploymentTags = (deploymentId: string): Tag[] => [
  { Key: DEPLOYMENT_TAG, Value: deploymentId },
  name(`mole ${deploymentId}`),
]

/** Tags of what belongs to one bastion. */
export const bastionTags = (deploymentId: string, bastionId: string): Tag[] => [
  { Key: DEPLOYMENT_TAG, Value: deploymentId },
  { Key: BASTION_TAG, Value: bastionId },
  name(`mole ${deploymentId} b${indexOfBastionId(bastionId) ?? '?'}`),
]

/** The same tags on several kinds of things, given when they are made: there is no moment without them. */
export const tagSpecifications = (kinds: readonly ResourceType[], tags: readonly Tag[]): TagSpecification[] =>
  kinds.map((ResourceType) => ({ ResourceType, Tags: [...tags] }))

/** Finds what carries the tag of a deployment. */
export const deploymentFilter = (deploymentId: string): Filter => ({
  Name: `tag:${DEPLOYMENT_TAG}`,
  Values: [deploymentId],
})

/** Finds what carries the tag, whatever the deployment. */
export const ANY_DEPLOYMENT: Filter = { Name: 'tag-key', Values: [DEPLOYMENT_TAG] }

/** Value of a tag; `''` when there is none. */
export const tagValue = (tags: readonly Tag[] | undefined, key: string): string =>
  tags?.find(({ Key }) => Key === key)?.Value ?? ''
