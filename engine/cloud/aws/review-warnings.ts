import type { AwsVpc } from '../../../contract/app.ts'
import { contains, parseNetwork } from '../../../domain/addressing.ts'
import type { NetworkRules } from '../../../domain/planner/price-table.ts'
import { bastionCount, type DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import type { OfferedType } from './instance-types.ts'
import type { Placement } from './placements.ts'
import { whyUnusable } from './usable-types.ts'

export type Facts = {
  readonly vpc: AwsVpc
  /** Zones the bastions may stand in. */
  readonly zones: readonly string[]
  readonly types: readonly OfferedType[]
  /** Where each bastion is tried first. */
  readonly firstPlaces: readonly Placement[]
  readonly network: NetworkRules
}

const rate = (bitsPerSecond: number): string =>
  bitsPerSecond >= 1e9 ? `${bitsPerSecond / 1e9} Gbit/s` : `${bitsPerSecond / 1e6} Mbit/s`

const burstWarning = ({ name, isBurstable, baselineBitsPerSecond, peakBitsPerSecond }: OfferedType): string[] => {
  const bursts =
    baselineBitsPerSecond !== null && peakBitsPerSecond !== null && peakBitsPerSecond > baselineBitsPerSecond
  return [
    ...(bursts
      ? [
          `${name} carries ${rate(baselineBitsPerSecond)} for long; up to ${rate(peakBitsPerSecond)} only while its network credits last.`,
        ]
      : []),
    ...(isBurstable
      ? [
          `${name} earns CPU credits. Load that lasts spends more than it earns, and AWS bills the rest beside the price shown.`,
        ]
      : []),
  ]
}

const gatewayWarning = ({ name, vcpus, peakBitsPerSecond }: OfferedType, rules: NetworkRules): string[] =>
  vcpus < rules.gatewayVcpus && (peakBitsPerSecond ?? 0) > rules.gatewayBitsPerSecond
    ? [
        `Through the internet gateway ${name} carries at most ${rate(rules.gatewayBitsPerSecond)}, as every instance with fewer than ${rules.gatewayVcpus} vCPUs; more bastions carry more.`,
      ]
    : []

const isInside = (inner: string, outer: readonly string[]): boolean => {
  const network = parseNetwork(inner)
  return outer.some((cidr) => {
    const each = parseNetwork(cidr)
    return network !== null && each !== null && contains(each, network)
  })
}

const routeWarnings = ({ privateCidr, aws }: DeploymentPlan, { vpc }: Facts): string[] => {
  if (aws?.wholeVpc === true) {
    const others = vpc.cidrs.filter((cidr) => cidr !== privateCidr)
    return [
      `All of the VPC’s network ${privateCidr} is routed into the tunnels; deployment.private_cidr narrows it.`,
      ...(others.length > 0 ? [`Its other networks are not routed: ${others.join(', ')}.`] : []),
    ]
  }
  return isInside(privateCidr, vpc.cidrs)
    ? []
    : [`${privateCidr} is not a network of ${vpc.id} (${vpc.cidrs.join(', ')}): the VPC must have a way there.`]
}

const sourceWarnings = ({ aws }: DeploymentPlan): string[] => {
  const prefix = parseNetwork(aws?.sourceCidr ?? '')?.prefix ?? 32
  return prefix < 32
    ? [`The WireGuard ports are open to ${2 ** (32 - prefix)} addresses (${aws?.sourceCidr}); one is enough.`]
    : []
}

const placeWarnings = (plan: DeploymentPlan, { zones, firstPlaces }: Facts): string[] =>
  bastionCount(plan) > 1 && new Set(firstPlaces.map(({ zone }) => zone)).size === 1
    ? [`All bastions stand in one zone (${zones[0]}): when it fails, all fail.`]
    : []

/** What a person should know before saying yes. Pure. */
export const awsWarnings = (plan: DeploymentPlan, facts: Facts): string[] => {
  const { aws } = plan
  const { types, zones, network } = facts
  const first = new Set(facts.firstPlaces.map(({ instanceType }) => instanceType))
  const launched = types.filter(({ name }) => first.has(name))
  return [
    ...(aws?.instanceTypes ?? []).flatMap((name) => {
      const why = whyUnusable(name, types, zones)
      return why === null ? [] : [`${why}: it is passed over.`]
    }),
    ...launched.flatMap(burstWarning),
    ...launched.flatMap((type) => gatewayWarning(type, network)),
    ...(aws?.market === 'spot'
      ? ['AWS may take a Spot instance back with two minutes’ notice; another one is then launched.']
      : []),
    ...routeWarnings(plan, facts),
    ...sourceWarnings(plan),
    ...placeWarnings(plan, facts),
    aws?.routing === 'routes'
      ? `Route tables marked for Cloud Mole get a route to ${plan.baseCidr}. Security groups of your machines must let that network in.`
      : 'Security groups of your machines must let the bastions’ subnets in: the bastions stand for the DTN.',
  ]
}
