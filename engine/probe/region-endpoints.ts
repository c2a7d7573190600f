import { MoleError } from '../../contract/errors.ts'

/**
 * Regions of AWS that every account may use or opt into, in the order of the page.
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html (2026-11-21)
 */
const REGIONS = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ca-central-1',
  'ca-west-1',
  'mx-central-1',
  'sa-east-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'il-central-1',
  'me-south-1',
  'me-central-1',
  'af-south-1',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-7',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-east-1',
  'ap-east-2',
]

export type RegionEndpoint = { readonly region: string; readonly host: string; readonly port: number }

const NAME = /^[a-z]{2}(-[a-z]+)+-[0-9]$/

const noRegion = (name: string): MoleError =>
  new MoleError('bad-input', `"${name.slice(0, 40)}" is not the name of a region.`, {
    field: 'regions',
    meaning: 'Nothing was measured.',
    nextStep: 'Name regions as AWS does, such as us-west-2.',
  })

/**
 * The public endpoint of EC2 in each region (AWS General Reference, "Amazon EC2 endpoints"). Pure.
 * @param asked `null` for all that are known
 * @param priced regions of which prices are known, which may be newer than this list
 * @throws MoleError `bad-input` for what is no region's name
 */
export const regionEndpoints = (asked: readonly string[] | null, priced: readonly string[]): RegionEndpoint[] =>
  [...new Set(asked ?? [...REGIONS, ...priced])].map((region) => {
    if (!NAME.test(region)) throw noRegion(region)
    const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
    return { region, host: `ec2.${region}.${suffix}`, port: 443 }
  })
