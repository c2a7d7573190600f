import { type _InstanceType, DescribeSpotPriceHistoryCommand } from '@aws-sdk/client-ec2'
import { MoleError } from '../../../contract/errors.ts'
import type { AwsAccess } from './access.ts'
import type { SpotPrices } from './bastions.ts'

/**
 * What Spot instances of these types cost now, by type and zone. Without the permission to ask nobody knows: the map is
 * then empty.
 */
export const observeSpotPrices = async (access: AwsAccess, types: readonly string[]): Promise<SpotPrices> => {
  if (types.length === 0) return new Map()
  const now = new Date(access.clock.wallMs())
  // From now to now: AWS answers with the price in force (EC2 API Reference, "DescribeSpotPriceHistory").
  const request = {
    InstanceTypes: [...new Set(types)] as _InstanceType[],
    ProductDescriptions: ['Linux/UNIX'],
    StartTime: now,
    EndTime: now,
  }
  const prices = await access
    .list('looking up Spot prices', async (NextToken, { ec2 }, options) => {
      const answer = await ec2.send(new DescribeSpotPriceHistoryCommand({ ...request, NextToken }), options)
      return { items: answer.SpotPriceHistory, next: answer.NextToken }
    })
    .catch((error: unknown) => {
      if (error instanceof MoleError && error.code === 'denied') return []
      throw error
    })
  const known = prices.filter(({ SpotPrice }) => Number(SpotPrice) > 0)
  return new Map(known.map((each) => [`${each.InstanceType} ${each.AvailabilityZone}`, Number(each.SpotPrice)]))
}
