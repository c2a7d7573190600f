import { DescribeRegionsCommand } from '@aws-sdk/client-ec2'
import type { AwsAccess } from './access.ts'

/** Regions this account has enabled, by the alphabet. */
export const observeRegions = async (access: AwsAccess): Promise<string[]> => {
  const { Regions = [] } = await access.ask('listing regions', ({ ec2 }, options) =>
    ec2.send(new DescribeRegionsCommand({}), options),
  )
  return Regions.flatMap(({ RegionName, OptInStatus }) =>
    RegionName === undefined || OptInStatus === 'not-opted-in' ? [] : [RegionName],
  ).sort((a, b) => a.localeCompare(b, 'en'))
}
