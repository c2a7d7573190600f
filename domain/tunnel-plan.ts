import { z } from 'zod'
import {
  bastionCommonAddress,
  Cidr,
  FORBIDDEN_NETWORKS,
  type Network,
  overlaps,
  parseNetwork,
  stableSourceAddress,
  tunnelAddresses,
} from './addressing.ts'
import { Autoscale } from './autoscale.ts'
import { AwsPlan } from './aws-plan.ts'
import { Carriage } from './carriage.ts'
import type { HostState, TunnelInterface } from './host-state.ts'
import { interfaceName, type Lane, laneNumber, OURS } from './ours.ts'
import { NO_TUNING, Tuning, WANTED_TUNING } from './tuning.ts'

/** Tunnels one bastion carries at most (specification: "Max tunnels per instance"). */
export const MAX_TUNNELS_PER_BASTION = 8

/** Bastions one deployment has at most. */
export const MAX_BASTIONS = 8
const MAX_TUNNELS = MAX_BASTIONS * MAX_TUNNELS_PER_BASTION

export const TargetId = z.enum(['lab', 'aws'], { error: 'must be "lab" or "aws"' })
export type TargetId = z.infer<typeof TargetId>

const tunnelLimit = z
  .int({ error: 'must be a whole number of tunnels' })
  .min(1, { error: 'must be at least 1' })
  .max(MAX_TUNNELS, { error: `must be at most ${MAX_TUNNELS}` })

/** What of the host may be tuned, and whether at once (`always`) or once it has measured better. */
export const TuningPlan = z.strictObject({
  apply: z.enum(['measured', 'always', 'never']).default('measured'),
  wanted: Tuning.default(WANTED_TUNING),
})

/** What a person asks for. Every key has a default, so that an empty plan is the lab with one tunnel. */
export const DeploymentPlan = z
  .strictObject({
    target: TargetId.default('lab'),
    tunnels: z
      .int({ error: 'must be a whole number of tunnels' })
      .min(1, { error: 'must be at least 1: a deployment without a tunnel carries nothing' })
      .max(MAX_TUNNELS, {
        error: `must be at most ${MAX_TUNNELS}: ${MAX_BASTIONS} bastions with ${MAX_TUNNELS_PER_BASTION} tunnels each`,
      })
      .default(4),
    /** Fewest bastions the tunnels are spread over; there are more where the tunnels need more. */
    bastions: z
      .int({ error: 'must be a whole number of bastions' })
      .min(1, { error: 'must be at least 1' })
      .max(MAX_BASTIONS, { error: `must be at most ${MAX_BASTIONS}` })
      .default(1),
    /** Scaling goes no lower … */
    minTunnels: tunnelLimit.default(1),
    /** … and no higher. More than one bastion carries is allowed: above that tunnels spread over bastions. */
    maxTunnels: tunnelLimit.default(MAX_TUNNELS_PER_BASTION),
    /** Addresses inside the tunnels: a /16 that collides with nothing on either side. */
    baseCidr: Cidr.refine((text) => parseNetwork(text)?.prefix === 16, {
      error: 'must be a /16: each tunnel takes one /24 of it',
    }).default('10.100.0.0/16'),
    /** Private network behind the bastion. */
    privateCidr: Cidr.default('10.200.0.0/24'),
    /** MTU inside the tunnels: path MTU − 60 over IPv4 (WireGuard: 20 IP + 8 UDP + 32). */
    mtuBytes: z
      .int({ error: 'must be a whole number of bytes' })
      .min(1280, { error: 'must be at least 1280' })
      .max(8940, { error: 'must be at most 8940' })
      .default(1420),
    /** Lab only: rate of each tunnel's internet path, both ways. */
    labPathRateBitsPerSecond: z
      .int({ error: 'must be a whole number of bits per second' })
      .min(1_000_000, { error: 'must be at least 1000000 (1 Mbit/s)' })
      .max(10_000_000_000, { error: 'must be at most 10000000000 (10 Gbit/s)' })
      .default(200_000_000),
    carriage: Carriage.prefault({}),
    autoscale: Autoscale.prefault({}),
    tuning: TuningPlan.prefault({}),
    /** What only the target "aws" needs; `null` for every other. */
    aws: AwsPlan.nullable().default(null),
  })
  .superRefine((plan, context) => {
    for (const problem of [...rangeProblems(plan), ...bastionProblems(plan), ...planProblems(plan)])
      context.addIssue({ code: 'custom', path: [problem.field], message: problem.message })
  })
export type DeploymentPlan = z.infer<typeof DeploymentPlan>

export type PlanProblem = {
  readonly field: 'tunnels' | 'minTunnels' | 'bastions' | 'aws' | 'baseCidr' | 'privateCidr'
  readonly message: string
}

/** Whether the number of tunnels keeps to the plan's own range; `[]` when it does. */
const rangeProblems = ({
  tunnels,
  minTunnels,
  maxTunnels,
}: {
  tunnels: number
  minTunnels: number
  maxTunnels: number
}): PlanProblem[] => {
  if (minTunnels > maxTunnels)
    return [
      { field: 'minTunnels', message: `the fewest tunnels (${minTunnels}) are more than the most (${maxTunnels})` },
    ]
  if (tunnels >= minTunnels && tunnels <= maxTunnels) return []
  return [{ field: 'tunnels', message: `must be from ${minTunnels} to ${maxTunnels}, the range of this deployment` }]
}

/** Whether bastions and tunnels fit each other, and the target; `[]` when they do. */
export const bastionProblems = (plan: {
  target: TargetId
  tunnels: number
  bastions: number
  aws: AwsPlan | null
}): PlanProblem[] => {
  const problem = (field: PlanProblem['field'], message: string): PlanProblem[] => [{ field, message }]
  if (plan.bastions > plan.tunnels)
    return problem('bastions', `${plan.bastions} bastions need at least ${plan.bastions} tunnels, not ${plan.tunnels}`)
  if ((plan.target === 'aws') !== (plan.aws !== null))
    return problem('aws', plan.aws === null ? 'is needed by the target "aws"' : 'belongs to the target "aws" only')
  if (plan.aws === null) return []
  const count = bastionCount(plan)
  if (count > plan.aws.maxBastions)
    return problem(
      plan.bastions > plan.aws.maxBastions ? 'bastions' : 'tunnels',
      `needs ${count} bastions, and at most ${plan.aws.maxBastions} are allowed (aws.max_instances)`,
    )
  if (plan.aws.routing === 'routes' && count > 1)
    return problem('aws', 'routing "routes" works with one bastion only: a VPC route has one target')
  return []
}

/** Address collisions inside a plan; `[]` when there are none. */
export const planProblems = (plan: {
  baseCidr: string
  privateCidr: string
}): (PlanProblem & { readonly field: 'baseCidr' | 'privateCidr' })[] => {
  const base = parseNetwork(plan.baseCidr)
  const target = parseNetwork(plan.privateCidr)
  if (base === null || target === null) return []
  const forbidden = (['baseCidr', 'privateCidr'] as const).flatMap((field) => {
    const network = field === 'baseCidr' ? base : target
    return FORBIDDEN_NETWORKS.some((reserved) => overlaps(reserved, network))
      ? [{ field, message: `${plan[field]} covers loopback, link-local or reserved addresses (RFC 6890)` }]
      : []
  })
  const collision = overlaps(base, target)
    ? [
        {
          field: 'privateCidr' as const,
          message: `${plan.privateCidr} overlaps the tunnels' own addresses ${plan.baseCidr}`,
        },
      ]
    : []
  return [...forbidden, ...collision]
}

/** One bastion's end of one tunnel, as the bastion published it. */
export type BastionEndpoint = {
  readonly slot: number
  readonly lane: Lane
  readonly publicKey: string
  readonly address: string
  readonly port: number
}

/** How many bastions the tunnels of a plan are spread over. */
export const bastionCount = ({ tunnels, bastions }: Pick<DeploymentPlan, 'tunnels' | 'bastions'>): number =>
  Math.max(bastions, Math.ceil(tunnels / MAX_TUNNELS_PER_BASTION))

/** The bastion (1-based) a global tunnel slot belongs to: bastion b owns the slots 8(b − 1) + 1 … 8b. */
export const bastionOfSlot = (slot: number): number => Math.ceil(slot / MAX_TUNNELS_PER_BASTION)

/** First global slot of a bastion (1-based). */
export const firstSlotOf = (bastion: number): number => (bastion - 1) * MAX_TUNNELS_PER_BASTION + 1

/** Every slot a bastion can ever carry: all are made when it boots, so that scaling needs nothing of it. */
export const slotsOfBastion = (bastion: number): number[] =>
  Array.from({ length: MAX_TUNNELS_PER_BASTION }, (_, at) => firstSlotOf(bastion) + at)

/** The global slots a plan uses, ascending: its tunnels dealt evenly over its bastions. With one bastion 1 … tunnels. */
export const slotsOf = (plan: Pick<DeploymentPlan, 'tunnels' | 'bastions'>): number[] => {
  const count = bastionCount(plan)
  return Array.from({ length: count }, (_, at) => {
    const share = Math.floor(plan.tunnels / count) + (at < plan.tunnels % count ? 1 : 0)
    return slotsOfBastion(at + 1).slice(0, share)
  }).flat()
}

/** Name of the DTN's key for a lane of tunnel `slot` of a deployment. */
export const hostKeyName = (deploymentId: string, slot: number, lane: Lane = 0): string =>
  `${deploymentId}-t${slot}${lane === 0 ? '' : '-b'}`

/** UDP port the bastion listens on for a lane of tunnel `slot`: the same sixteen on every bastion, lane 0 first. */
export const bastionPort = (slot: number, lane: Lane = 0): number =>
  51_821 + slot - firstSlotOf(bastionOfSlot(slot)) + MAX_TUNNELS_PER_BASTION * lane

/** The UDP ports of a bastion's tunnels, both lanes of all: what a firewall must let in, and nothing else. */
export const BASTION_PORTS = { first: bastionPort(1), last: bastionPort(MAX_TUNNELS_PER_BASTION, 1) } as const

/** UDP port the DTN sends from for a lane: distinct, so that tunnels do not share an upstream ECMP member. */
export const hostPort = (number: number): number => 41_820 + number

const tunnelInterface = (plan: DeploymentPlan, base: Network, id: string, end: BastionEndpoint): TunnelInterface => {
  const number = laneNumber(end.slot, end.lane)
  const addresses = tunnelAddresses(base, number)
  return {
    name: interfaceName(number),
    address: `${addresses.host}/${addresses.prefix}`,
    mtuBytes: plan.mtuBytes,
    listenPort: hostPort(number),
    keyName: hostKeyName(id, end.slot, end.lane),
    peer: {
      publicKey: end.publicKey,
      endpoint: { address: end.address, port: end.port },
      allowedNetworks: [
        `${addresses.bastion}/32`,
        `${bastionCommonAddress(base, bastionOfSlot(end.slot))}/32`,
        plan.privateCidr,
      ],
      keepaliveSeconds: 25,
    },
  }
}

const nameOf = ({ slot, lane }: BastionEndpoint): string => interfaceName(laneNumber(slot, lane))

const relayEnds = (base: Network, carrying: readonly BastionEndpoint[]): NonNullable<HostState['relay']>['bastions'] =>
  [...new Set(carrying.map(({ slot }) => bastionOfSlot(slot)))].map((bastion) => ({
    address: bastionCommonAddress(base, bastion),
    port: OURS.relayPort,
    tunnels: carrying.filter(({ slot }) => bastionOfSlot(slot) === bastion).map(nameOf),
  }))

export type HostStateOptions = {
  /** Lane numbers that are kept up but carry nothing, e.g. one whose keys have just been replaced. */
  readonly aside?: ReadonlySet<number>
  /** Tuning in force. */
  readonly tuning?: Tuning
}

/**
 * The host state that realises `plan` over the bastion ends given, of one lane or both of a slot; slots without an end
 * are left out. Pure.
 */
export const planHostState = (
  plan: DeploymentPlan,
  id: string,
  ends: readonly BastionEndpoint[],
  { aside = new Set(), tuning = NO_TUNING }: HostStateOptions = {},
): HostState => {
  const base = parseNetwork(plan.baseCidr) as Network
  const slots = slotsOf(plan)
  const used = ends.filter((end) => slots.includes(end.slot))
  const carrying = used.filter(({ slot, lane }) => !aside.has(laneNumber(slot, lane)))
  const { spread, probe, mptcp, congestion, relay } = plan.carriage
  return {
    tunnels: used.map((end) => tunnelInterface(plan, base, id, end)),
    routes: [plan.privateCidr],
    active: carrying.map(nameOf),
    sourceAddress: stableSourceAddress(base),
    sysctls: [
      { name: 'net.ipv4.fib_multipath_hash_policy', value: 1 },
      { name: 'net.ipv4.conf.all.rp_filter', value: 2 },
      { name: 'net.ipv4.conf.all.arp_ignore', value: 1 },
    ],
    mssClamp: true,
    spread,
    probe,
    mptcp,
    congestion: mptcp === null || congestion === 'host' ? null : congestion,
    relay: relay && carrying.length > 0 ? { bastions: relayEnds(base, carrying) } : null,
    tuning,
  }
}
