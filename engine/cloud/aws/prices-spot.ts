import { paginateDescribeSpotPriceHistory, type SpotPrice } from '@aws-sdk/client-ec2'
import type { AwsClients } from './clients.ts'

/** Least and most, US dollars an hour. */
export type SpotBand = { readonly leastUsdPerHour: number; readonly mostUsdPerHour: number }

const wider = (band: SpotBand | undefined, usdPerHour: number): SpotBand => ({
  leastUsdPerHour: Math.min(band?.leastUsdPerHour ?? usdPerHour, usdPerHour),
  mostUsdPerHour: Math.max(band?.mostUsdPerHour ?? usdPerHour, usdPerHour),
})

/**
 * Between what and what the types' Spot prices were in a region, with Linux, in all zones, from `sinceMs` on. Types
 * without a price are left out. Errors are the SDK's own.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotPriceHistory.html
 */
export const observeSpotBands = async (
  { ec2 }: Pick<AwsClients, 'ec2'>,
  types: readonly string[],
  sinceMs: number,
): Promise<ReadonlyMap<string, SpotBand>> => {
  const bands = new Map<string, SpotBand>()
  const input = {
    InstanceTypes: types as NonNullable<SpotPrice['InstanceType']>[],
    ProductDescriptions: ['Linux/UNIX'],
    StartTime: new Date(sinceMs),
  }
  for await (const { SpotPriceHistory } of paginateDescribeSpotPriceHistory({ client: ec2 }, input))
    for (const { InstanceType: type, SpotPrice: price } of SpotPriceHistory ?? [])
      if (type !== undefined && Number(price) > 0) bands.set(type, wider(bands.get(type), Number(price)))
  return bands
}
