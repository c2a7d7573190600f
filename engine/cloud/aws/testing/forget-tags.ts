import { DeleteTagsCommand, DescribeTagsCommand } from '@aws-sdk/client-ec2'
import type { Moto } from './moto.ts'

/** moto keeps the tags of network interfaces that are deleted. */
export const forgetTags = async ({ ec2 }: Moto, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return
  const { Tags = [] } = await ec2.send(
    new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [...ids] }] }),
  )
  if (Tags.length > 0)
    await ec2.send(new DeleteTagsCommand({ Resources: [...ids], Tags: Tags.map(({ Key }) => ({ Key })) }))
}
