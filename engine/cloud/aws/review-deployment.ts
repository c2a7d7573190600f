import type { AwsVpc, Review } from '../../../contract/app.ts'
import type { PriceTable } from '../../../domain/planner/price-table.ts'
import { BASTION_PORTS, bastionCount, type DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import type { AwsAccess } from './access.ts'
import { chooseSubnets, chooseVpc } from './choose-network.ts'
import { awsPlanOf } from './complete-plan.ts'
import { imageParameter } from './image.ts'
import { type OfferedType, observeInstanceTypes } from './instance-types.ts'
import { observeNetworks } from './networks.ts'
import { type Placement, planPlacements } from './placements.ts'
import { billOf } from './review-cost.ts'
import { awsWarnings } from './review-warnings.ts'
import { isLent, listRouteTables } from './routes.ts'
import { observeSpotPrices } from './spot-prices.ts'
import { usableTypes } from './usable-types.ts'

type Line = Review['resources'][number]

const bastionLine = (placement: Placement, index: number, types: readonly OfferedType[], market: string): Line => {
  const type = types.find(({ name }) => name === placement.instanceType)
  return {
    kind: 'instance',
    name: `bastion ${index + 1}: ${placement.instanceType}`,
    detail: `${placement.zone} (${placement.subnetId}), ${placement.architecture}, ${type?.vcpus} vCPU, ${market}; IMDSv2 only, no key pair, no role, ends itself when shut down`,
  }
}

const count = (number: number, one: string, many: string): string => (number === 1 ? `1 ${one}` : `${number} ${many}`)

const resourceLines = (
  plan: DeploymentPlan,
  vpc: AwsVpc,
  places: readonly Placement[],
  types: readonly OfferedType[],
  tables: readonly string[],
): Line[] => {
  const aws = awsPlanOf(plan)
  const bastions = bastionCount(plan)
  const images = [...new Set(places.map(({ architecture }) => imageParameter(architecture)))]
  return [
    {
      kind: 'security group',
      name: 'mole <deployment>',
      detail: `in ${vpc.id}${vpc.name === '' ? '' : ` "${vpc.name}"`}: UDP ${BASTION_PORTS.first}–${BASTION_PORTS.last} from ${aws.sourceCidr}, nothing else`,
    },
    ...places.map((placement, index) => bastionLine(placement, index, types, aws.market)),
    ...images.map((name) => ({ kind: 'image', name, detail: 'the newest Amazon Linux 2023 that Amazon publishes' })),
    {
      kind: 'volume',
      name: count(bastions, 'root disk', 'root disks'),
      detail: 'gp3, 8 GB, encrypted, deleted with its instance',
    },
    {
      kind: 'public IPv4',
      name: count(bastions, 'public IPv4 address', 'public IPv4 addresses'),
      detail: 'given by AWS for as long as the instance lives; no Elastic IP',
    },
    ...(aws.market === 'spot'
      ? [
          {
            kind: 'spot request',
            name: count(bastions, 'Spot request', 'Spot requests'),
            detail: 'one-time, at the going price',
          },
        ]
      : []),
    ...tables.map((id) => ({
      kind: 'route',
      name: `${plan.baseCidr} in ${id}`,
      detail: 'to the bastion’s network interface, where the table has no such route yet',
    })),
    {
      kind: 'tunnel',
      name: count(plan.tunnels, 'WireGuard tunnel', 'WireGuard tunnels'),
      detail: `to ${plan.privateCidr}, MTU ${plan.mtuBytes}, addresses from ${plan.baseCidr}`,
    },
  ]
}

/** What a complete plan makes in AWS and what it costs. Changes nothing. */
export const reviewDeployment = async (
  access: AwsAccess,
  plan: DeploymentPlan,
  table: PriceTable,
): Promise<Pick<Review, 'resources' | 'costUsdPerHour' | 'costNote' | 'warnings'>> => {
  const aws = awsPlanOf(plan)
  const { region } = access.account
  const [vpcs, known, spot] = await Promise.all([
    observeNetworks(access),
    observeInstanceTypes(access, aws.instanceTypes),
    aws.market === 'spot' ? observeSpotPrices(access, aws.instanceTypes) : null,
  ])
  const vpc = chooseVpc(vpcs, aws.vpcId, region)
  const places = chooseSubnets(vpc, aws, region).map(({ id, zone }) => ({ subnetId: id, zone }))
  const zones = places.map(({ zone }) => zone)
  const usable = usableTypes(aws.instanceTypes, known, zones)
  const firstPlaces = Array.from({ length: bastionCount(plan) }, (_, at) =>
    planPlacements(at + 1, usable, places).slice(0, 1),
  ).flat()
  const tables = aws.routing === 'routes' ? (await listRouteTables(access, vpc.id)).filter(isLent) : []
  return {
    resources: resourceLines(
      plan,
      vpc,
      firstPlaces,
      usable,
      tables.flatMap(({ RouteTableId }) => RouteTableId ?? []),
    ),
    ...billOf(aws, firstPlaces, table, spot),
    warnings: awsWarnings(plan, { vpc, zones, types: known, firstPlaces, network: table.network }),
  }
}
