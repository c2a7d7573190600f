import { DescribeSubnetsCommand } from '@aws-sdk/client-ec2'
import type { AwsAccess } from './access.ts'
import type { Place } from './placements.ts'

/** Zones of the subnets, in the order asked; subnets that are gone are left out. */
export const observePlaces = async (access: AwsAccess, subnetIds: readonly string[]): Promise<Place[]> => {
  const Filters = [{ Name: 'subnet-id', Values: [...subnetIds] }]
  const subnets = await access.list('looking up subnets', async (NextToken, { ec2 }, options) => {
    const answer = await ec2.send(new DescribeSubnetsCommand({ Filters, NextToken }), options)
    return { items: answer.Subnets, next: answer.NextToken }
  })
  return subnetIds.flatMap((subnetId) => {
    const zone = subnets.find(({ SubnetId }) => SubnetId === subnetId)?.AvailabilityZone
    return zone === undefined ? [] : [{ subnetId, zone }]
  })
}
