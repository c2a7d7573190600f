import { z } from 'zod'
import { Cidr, parseNetwork } from '../addressing.ts'
import { AwsProfileName, AwsRegion, AwsZone, InstanceTypeName, SubnetId, VpcId } from '../aws-plan.ts'
import { MAX_BASTIONS, TargetId } from '../tunnel-plan.ts'
import { ByteCount, Duration, Rate, Share } from './quantities.ts'

/*
 * The configuration: every key there is, in one schema. Validation, types, the JSON Schema for editors, completion, the
 * reference page and `mole config explain` all come from here. Keys are spelt as in the specification.
 */

/** What is said of a key beyond its type. */
export type About = {
  readonly description: string
  /** What the key does in this version. `null`: accepted, but not yet in force. */
  readonly effect: string | null
}

/** Sections and keys say what they are about here; `describeKeys` reads it. */
export const ABOUT = z.registry<About>()

const SECOND = 1000
const HOUR = 3600 * SECOND
const DAY = 24 * HOUR

/** Tunnels of one deployment, over all its bastions. */
const TUNNELS_AT_MOST = 64

const key = <T extends z.ZodType>(schema: T, fallback: z.input<T>, about: About) => {
  const described = z.prefault(schema, fallback as never).meta({ description: about.description })
  ABOUT.add(described, about)
  return described
}

/** A key that a later version puts into force: accepted, checked and kept, and said to be without effect. */
const later = <T extends z.ZodType>(schema: T, fallback: z.input<T>, description: string) =>
  key(schema, fallback, { description, effect: null })

const section = <T extends z.ZodRawShape>(description: string, shape: T) => {
  const described = z.prefault(z.strictObject(shape), {} as never).meta({ description })
  ABOUT.add(described, { description, effect: null })
  return described
}

const flag = z.boolean({ error: 'must be true or false' })

const count = (min: number, max: number, what: string) =>
  z
    .int({ error: `must be a whole number of ${what}` })
    .min(min, { error: `must be at least ${min}` })
    .max(max, { error: `must be at most ${max}` })

const text = (pattern: RegExp, wanted: string) =>
  z
    .string({ error: `must be ${wanted}` })
    .regex(pattern, { error: `must be ${wanted}` })
    .meta({ title: wanted })

const listOf = <T extends z.ZodType>(item: T, what: string, most = 32) =>
  z
    .array(item, { error: `must be a list of ${what}, such as [a, b]` })
    .min(1, { error: `must name at least one of: ${what}` })
    .max(most, { error: `must have at most ${most} entries` })
    .refine((items) => new Set(items).size === items.length, { error: 'must not name anything twice' })

const choice = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `must be ${values.map((value) => `"${value}"`).join(' or ')}` })

const OCTET = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'

/** The patterns are for editors; that the host bits are zero is checked here only. */
const network = Cidr.meta({
  title: 'an IPv4 network such as 10.200.0.0/24',
  pattern: `^${OCTET}(\\.${OCTET}){3}/(3[0-2]|[12]?[0-9])$`,
})
const tunnelNetwork = Cidr.refine((cidr) => parseNetwork(cidr)?.prefix === 16, {
  error: 'must be a /16: each tunnel takes one /24 of it',
}).meta({ title: 'an IPv4 network /16 such as 10.100.0.0/16', pattern: `^${OCTET}\\.${OCTET}\\.0\\.0/16$` })

/** The whole configuration, every default filled in. `z.input` is how it is written, `z.output` how it is used. */
export const Config = z.strictObject({
  deployment: section('What is deployed, and where.', {
    target: key(TargetId, 'lab', {
      description: 'Where the bastions run: "lab" (namespaces on this machine, free, without root) or "aws".',
      effect: 'Chooses the cloud that makes the bastions.',
    }),
    tunnels: key(count(1, TUNNELS_AT_MOST, 'tunnels'), 4, {
      description: 'Tunnels to begin with, from tunnel.min_tunnels to tunnel.max_tunnels.',
      effect: 'So many tunnels are made. One bastion carries at most 8; more need more bastions.',
    }),
    bastions: key(count(1, MAX_BASTIONS, 'bastions'), 1, {
      description: 'Fewest bastions the tunnels are spread over; there are more where the tunnels need more.',
      effect: 'So many bastions are made, and the tunnels are dealt evenly over them.',
    }),
    private_cidr: key(network.nullable(), null, {
      description:
        'Private network behind the bastions, an IPv4 network; null takes 10.200.0.0/24 in the lab, and the whole of the VPC in AWS.',
      effect: 'Traffic to it is routed into the tunnels.',
    }),
    vpc: key(VpcId.nullable(), null, {
      description: 'VPC in which the bastions are launched; null chooses the default VPC.',
      effect: 'The bastions and their security group are made in it.',
    }),
    auto_optimize: key(flag, false, {
      description: 'Probe first, and let what was measured choose tunnels, MTU and instances.',
      effect:
        '"mole up", "multi-up" and "connect" probe before anything is made, and make what the probe recommends, but for what an option says; one click in the panel connects by the plan as it is written.',
    }),
  }),

  tunnel: section('The tunnels.', {
    min_tunnels: key(count(1, TUNNELS_AT_MOST, 'tunnels'), 1, {
      description: 'Fewest tunnels the deployment is scaled down to.',
      effect: 'Fewer are refused, at the start and by scaling.',
    }),
    max_tunnels: key(count(1, TUNNELS_AT_MOST, 'tunnels'), 8, {
      description:
        'Most tunnels the deployment is scaled up to. One bastion carries at most 8; more are spread over bastions.',
      effect: 'More are refused, at the start and by scaling.',
    }),
    base_cidr: key(tunnelNetwork, '10.100.0.0/16', {
      description: 'Addresses inside the tunnels, a /16 that collides with nothing on either side.',
      effect: 'Tunnel N gets the first /30 of its Nth /24.',
    }),
    mtu: key(count(1280, 8940, 'bytes'), 1420, {
      description: 'MTU inside the tunnels in bytes: path MTU − 60 over IPv4 (20 IP + 8 UDP + 32 WireGuard).',
      effect: 'Set on every tunnel interface; TCP’s segment size follows it.',
    }),
    spread: key(choice(['round-robin', 'hash']), 'round-robin', {
      description:
        'How a new connection finds its tunnel: "round-robin", one tunnel after the other, or "hash", by the kernel’s hash of its ports.',
      effect:
        'With "round-robin" this host’s connection tracking marks each connection to the private network with its tunnel; with "hash" nothing is tracked.',
    }),
    probe_interval: key(Duration({ min: 50, max: 10 * SECOND }), '100ms', {
      description: 'How often an echo is sent through each tunnel.',
      effect: 'After one that is late, more follow in quick succession: chance loss is not taken for death.',
    }),
    probe_misses: key(count(2, 20, 'intervals'), 3, {
      description: 'Intervals in which nothing comes back, after which a tunnel is taken out of the route.',
      effect: 'It returns after five good echoes in a row and a pause that grows each time it dies.',
    }),
    key_rotation: key(Duration({ min: 0, max: 365 * DAY }), '24h', {
      description: 'Age at which a tunnel’s keys are replaced, from 5m; 0 never by itself.',
      effect: 'Both ends make new keys, and traffic moves to them before the old ones go: nothing is lost.',
    }),
  }),

  scaling: section('When the number of tunnels changes by itself.', {
    enable: key(flag, false, {
      description: 'Change the number of tunnels by itself, from tunnel.min_tunnels to tunnel.max_tunnels.',
      effect: 'Tunnels are added and removed by what is measured; "mole autoscale status" tells each decision and why.',
    }),
    scale_up_threshold: key(Share, 0.8, {
      description: 'Utilisation above which tunnels are added, as a share of one.',
      effect: 'Above it tunnels are added, where another can help; what raises nothing is taken back.',
    }),
    scale_down_threshold: key(Share, 0.3, {
      description: 'Utilisation below which tunnels are removed, as a share of one.',
      effect: 'Below it, for as long as scale_down_cooldown, tunnels that are not needed are removed.',
    }),
    scale_interval: key(Duration({ min: SECOND, max: DAY }), '30s', {
      description: 'How often it is looked at.',
      effect: 'Decisions are made so often; goodput is the mean since the last, of 5s at least and 1m at most.',
    }),
    scale_up_cooldown: key(Duration({ min: 0, max: 7 * DAY }), '2m', {
      description: 'Least time after a change before tunnels are added.',
      effect: 'No step up comes sooner after any change; at its end a step up is judged, after 10s at least.',
    }),
    scale_down_cooldown: key(Duration({ min: 0, max: 7 * DAY }), '10m', {
      description: 'Least time of low utilisation before tunnels are removed.',
      effect: 'No step down comes sooner, nor sooner after any change.',
    }),
    elephant_flow_threshold: key(ByteCount({ min: 1, max: 2 ** 50 }), 104_857_600, {
      description: 'Bytes of one flow from which it counts as an elephant flow, for which tunnels are added at once.',
      effect: 'Such a flow is looked at without waiting for the interval, though not within the cooldown.',
    }),
  }),

  probing: section('How the network is measured.', {
    test_duration: key(Duration({ min: SECOND, max: HOUR }), '30s', {
      description: 'Duration of each bandwidth test, in whole seconds.',
      effect: 'Each run of "mole probe", one for each number of streams and direction, takes so long.',
    }),
    mtu_range: key(listOf(count(576, 9216, 'bytes'), 'sizes in bytes', 16), [1200, 1500, 1800, 9000], {
      description: 'Packet sizes to try first, in bytes of the IP packet.',
      effect: 'The path MTU is searched, to the byte, between the largest that passes and the next.',
    }),
    parallel_streams: key(listOf(count(1, 128, 'streams'), 'numbers of streams', 8), [1, 2, 4, 8], {
      description: 'Numbers of parallel streams to measure bandwidth with.',
      effect: 'One run for each, both ways; where more stop helping is read from them.',
    }),
    enable_jumbo_frames: key(flag, true, {
      description: 'Try packet sizes above 1500 bytes.',
      effect: 'Without it the larger sizes of mtu_range are left out, and a path MTU is at most 1500.',
    }),
  }),

  optimization: section('Tuning of this host. Every change is undone by "mole down".', {
    apply: key(choice(['measured', 'always', 'never']), 'measured', {
      description:
        'When this host is tuned: "measured", what "mole optimize" found better; "always", all of it as soon as it is up; "never".',
      effect: 'What is wanted below is put into force then, and not before.',
    }),
    enable_process_pinning: key(flag, true, {
      description: 'Pin the work of each tunnel to CPU cores of its own.',
      effect:
        'Threads of wireguard-go, or the queues of kernel WireGuard, get cores near the network card; with fewer cores than tunnels nothing is pinned.',
    }),
    reserve_cores: key(count(0, 1024, 'cores'), 2, {
      description: 'Cores left to everything else.',
      effect: 'So many cores get no tunnel.',
    }),
    cpu_governor: key(choice(['performance', 'schedutil', 'ondemand', 'conservative', 'powersave']), 'performance', {
      description: 'CPU frequency governor (cpufreq).',
      effect: 'Set on every core that has it.',
    }),
    tcp_congestion: key(
      text(/^[a-z][a-z0-9_-]{0,14}$/, 'the name of a congestion control, such as bbr or cubic'),
      'bbr',
      {
        description: 'TCP congestion control (tcp(7)).',
        effect: 'The default of new connections of this host, where its kernel has it.',
      },
    ),
    enable_sriov: later(flag, false, 'Use an SR-IOV virtual function of the network card where there is one.'),
    large_mtu: key(count(1500, 9216, 'bytes').nullable(), null, {
      description: 'MTU of the network card in bytes, for paths with jumbo frames; null leaves it.',
      effect: 'Set on the card the tunnels leave by, never lower than it is. Inside the tunnels tunnel.mtu counts.',
    }),
    multi_queue_nic: key(flag, false, {
      description: 'Use all of the network card: queues, rings and offloads.',
      effect:
        'The card the tunnels leave by gets a queue a core, its largest rings, and GRO, GSO, TSO and UDP GRO forwarding.',
    }),
    tcp_window_scaling: key(flag, true, {
      description: 'TCP window scaling (RFC 7323); without it a window ends at 64 KiB.',
      effect:
        'Switched on, with a window that stays open over a pause and a search for the path MTU where it is not told; or off.',
    }),
    buffer_sizes: section('Largest socket buffers (socket(7)).', {
      rmem_max: key(ByteCount({ min: 4096, max: 2 ** 31 - 1 }).nullable(), null, {
        description: 'Largest receive buffer in bytes; null leaves it.',
        effect: 'A receive buffer may grow so far, never less than before.',
      }),
      wmem_max: key(ByteCount({ min: 4096, max: 2 ** 31 - 1 }).nullable(), null, {
        description: 'Largest send buffer in bytes; null leaves it.',
        effect: 'A send buffer may grow so far, never less than before.',
      }),
    }),
  }),

  aws: section('Amazon EC2.', {
    profile: key(AwsProfileName.nullable(), null, {
      description: 'Credentials profile of ~/.aws/config; null takes what the environment gives.',
      effect: 'Every request is made with these credentials.',
    }),
    region: key(AwsRegion.nullable(), null, {
      description:
        'Region; null takes AWS_REGION, or that of the credentials profile, or that of the availability zones.',
      effect: 'Everything is made in it.',
    }),
    instance_types: key(
      listOf(InstanceTypeName, 'instance types'),
      ['t4g.nano', 't4g.small', 'c6gn.medium', 'c6gn.large'],
      {
        description: 'Instance types a bastion may have, in order of preference.',
        effect: 'The first is launched; where it cannot be had, the next. "mole plan" compares them.',
      },
    ),
    max_instances: key(count(1, MAX_BASTIONS, 'instances'), 4, {
      description: 'Most bastions of one deployment.',
      effect: 'More are refused.',
    }),
    availability_zones: key(listOf(AwsZone, 'availability zones'), ['us-west-2a', 'us-west-2b', 'us-west-2c'], {
      description: 'Availability zones the bastions are spread over; those of another region are passed over.',
      effect: 'Subnets are looked for in these zones.',
    }),
    subnets: key(listOf(SubnetId, 'subnets').nullable(), null, {
      description: 'Subnets the bastions are spread over; null takes one public subnet of the VPC in each zone.',
      effect: 'The bastions are launched in these subnets, in turn.',
    }),
    market: key(choice(['on-demand', 'spot']), 'on-demand', {
      description: 'How instances are bought: "spot" costs less, and AWS may take it back with two minutes’ notice.',
      effect: 'The bastions are launched so.',
    }),
    source_cidr: key(network.nullable(), null, {
      description:
        'Whom the security group lets in, an IPv4 network; null takes the public address of this host, as AWS sees it.',
      effect: 'Only from there are the WireGuard ports open.',
    }),
    routing: key(choice(['nat', 'routes']), 'nat', {
      description:
        'How replies find back: "nat" hides the DTN behind the bastion’s own address; "routes" adds routes to the VPC’s route tables.',
      effect: 'The bastion masquerades, or the route tables of the VPC are changed.',
    }),
    lease: key(Duration({ min: 0, max: 30 * DAY }), '24h', {
      description: 'A bastion that no tunnel has reached for so long ends itself, from 5m; 0 never.',
      effect: 'A forgotten bastion stops costing money, also when this host is gone.',
    }),
    budget_usd: key(
      z
        .number({ error: 'must be an amount in US dollars, such as 25' })
        .min(0.01, { error: 'must be at least 0.01' })
        .max(1_000_000, { error: 'must be at most 1000000' })
        .nullable(),
      null,
      {
        description: 'What a deployment may cost in all, in US dollars; null sets no limit.',
        effect: 'There is an alert at 50, 80 and 100 % of it.',
      },
    ),
    at_budget: key(choice(['alert', 'shut-down']), 'alert', {
      description: 'What happens when the budget is used up: "alert", or "shut-down", which disconnects.',
      effect: 'At 100 % of the budget the deployment is left running, or taken down.',
    }),
  }),

  mptcp: section('Multipath TCP (RFC 8684): one connection over all tunnels.', {
    enable: key(flag, false, {
      description: 'Offer MPTCP over the tunnels.',
      effect:
        'Each tunnel gets an endpoint, so that a Multipath TCP connection has a subflow on each; "mole run" starts programs that do not speak it.',
    }),
    scheduler: key(choice(['roundrobin', 'redundant', 'adaptive']), 'roundrobin', {
      description:
        'How segments are spread: "roundrobin" for bandwidth, "redundant" for latency, "adaptive" by measured quality.',
      effect:
        '"adaptive" makes tunnels that lose packets, or are far slower than the best, backups. The kernel’s scheduler spreads the rest; "mole flows" says what is in force.',
    }),
    congestion: key(choice(['cubic', 'bbr', 'reno', 'host']), 'cubic', {
      description:
        'Congestion control of connections to the private networks while Multipath TCP is on; "host": whatever this machine uses.',
      effect:
        'Routes over the tunnels name it (ip-route(8), congctl). BBR mistakes the bursts of a subflow for bandwidth, and carried half as much.',
    }),
    relay: key(flag, false, {
      description:
        'Carry ordinary TCP connections over all tunnels, too: by Multipath TCP between a relay on this host and one on the bastion.',
      effect: 'TCP connections to the private networks are led through the relay. Needs mptcp.enable.',
    }),
    path_manager: key(choice(['fullmesh']), 'fullmesh', {
      description: 'Which subflows are opened: "fullmesh" is one for each pair of addresses.',
      effect: 'The endpoints are marked so.',
    }),
  }),

  lab: section('The local lab.', {
    path_rate: key(Rate({ min: 1_000_000, max: 10_000_000_000 }), '200M', {
      description: 'Rate of each tunnel’s internet path in the lab, both ways, in bits per second.',
      effect: 'The lab shapes each path to it.',
    }),
  }),
})

/** The configuration as it is used: durations in ms, data in bytes, rates in bits per second, shares 0–1. */
export type Config = z.output<typeof Config>

type Sparse<T> = T extends readonly unknown[] ? T : T extends object ? { readonly [K in keyof T]?: Sparse<T[K]> } : T

/** The configuration as it is written, any part left out: what one document, or the environment, or the flags say. */
export type ConfigValues = Sparse<z.input<typeof Config>>

/** The built-in configuration: what holds where nothing else is said. */
export const DEFAULT_CONFIG: Config = Config.parse({})
