import { DescribeSpotPriceHistoryCommand, EC2Client } from '@aws-sdk/client-ec2'
import { mockClient } from 'aws-sdk-client-mock'
import { expect, it } from 'vitest'
import { observeSpotBands } from './prices-spot.ts'

const quote = (InstanceType: string, SpotPrice: string) => ({ InstanceType: InstanceType as 'c6gn.medium', SpotPrice })

it('gives the Spot prices of a region as bands, over all zones and pages', async () => {
  const mocked = mockClient(EC2Client)
  try {
    mocked
      .on(DescribeSpotPriceHistoryCommand)
      .resolvesOnce({ NextToken: 'more', SpotPriceHistory: [quote('t4g.nano', '0.002'), quote('c6gn.medium', '0.02')] })
      .resolvesOnce({ SpotPriceHistory: [quote('c6gn.medium', '0.01'), quote('c6gn.medium', '?')] })
    const types = ['t4g.nano', 'c6gn.medium', 'c7gn.large']
    expect(await observeSpotBands({ ec2: new EC2Client({ region: 'us-west-2' }) }, types, 5)).toEqual(
      new Map([
        ['t4g.nano', { leastUsdPerHour: 0.002, mostUsdPerHour: 0.002 }],
        ['c6gn.medium', { leastUsdPerHour: 0.01, mostUsdPerHour: 0.02 }],
      ]),
    )
    expect(mocked.commandCalls(DescribeSpotPriceHistoryCommand)[1]?.args[0].input).toMatchObject({
      InstanceTypes: types,
      ProductDescriptions: ['Linux/UNIX'],
      StartTime: new Date(5),
      NextToken: 'more',
    })
  } finally {
    mocked.restore()
  }
})
