import { z } from 'zod'
import { Cidr } from '../addressing.ts'
import { AwsProfileName, AwsRegion, InstanceTypeName } from '../aws-plan.ts'

const Megabit = 1_000_000
const Rate = z
  .int()
  .min(Megabit)
  .max(400 * 1000 * Megabit)

/** What the lab's probe site is like: known truths, which the probe is to find out. `null`: not limited so. */
export const SiteCondition = z.strictObject({
  /** Rate of the path, both ways, on the wire. */
  rateBitsPerSecond: Rate.default(200 * Megabit),
  /** Largest IP packet that passes. */
  mtuBytes: z.int().min(1280).max(9000).default(1500),
  /** Added to the round trip. */
  delayMs: z.number().min(0).max(1000).default(0),
  /** Larger IP packets vanish without a word, while `mtuBytes` says that they would pass. */
  blackHoleAboveBytes: z.int().min(576).max(9000).nullable().default(null),
  /** What each flow may carry, policed without a queue. */
  flowRateBitsPerSecond: Rate.nullable().default(null),
  /** Share of packets lost each way. */
  lossRatio: z.number().min(0).max(0.5).default(0),
  /** Largest receive buffer of the far end. */
  receiveWindowBytes: z
    .int()
    .min(4096)
    .max(1 << 30)
    .nullable()
    .default(null),
  /** Congestion control of both ends, such as `cubic`; `null`: this machine's own. */
  congestionControl: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,14}$/, { error: 'must be the name of a congestion control' })
    .nullable()
    .default(null),
  /** Rate at which the near application has something to send. */
  senderBitsPerSecond: Rate.nullable().default(null),
  /** Whether it answers ICMP echo, UDP echo, and iperf3. */
  answers: z.strictObject({ icmp: z.boolean(), echo: z.boolean(), iperf3: z.boolean() }).default({
    icmp: true,
    echo: true,
    iperf3: true,
  }),
})
export type SiteCondition = z.infer<typeof SiteCondition>

const Port = z.int().min(1).max(65_535)
/** A name in DNS or an IPv4 address. */
export const HostName = z.string().regex(/^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/, {
  error: 'must be a host name or an IPv4 address',
})

/** The port on which `mole probe answer` answers, and the bastions of a probe. */
export const ECHO_PORT = 7011
/** iperf3's own (`iperf3(1)`). */
export const IPERF3_PORT = 5201

/** What is measured towards. */
export const ProbeTarget = z.discriminatedUnion('kind', [
  /** A site of the local lab, made for this probe and taken away with it. */
  z.strictObject({ kind: z.literal('lab'), site: SiteCondition.prefault({}) }),
  /** A host that the user names: an iperf3 server, what answers `mole probe answer`, or neither. */
  z.strictObject({
    kind: z.literal('host'),
    host: HostName,
    iperf3Port: Port.default(IPERF3_PORT),
    echoPort: Port.default(ECHO_PORT),
  }),
  /**
   * What is up: through its tunnels, to a host of the private network behind them; `null`: the lab's research resource, in AWS the
   * bastion at the end of one tunnel.
   */
  z.strictObject({
    kind: z.literal('deployment'),
    host: HostName.nullable().default(null),
    iperf3Port: Port.default(IPERF3_PORT),
    echoPort: Port.default(ECHO_PORT),
  }),
  /** A short-lived bastion in AWS, made for this probe and taken away with it. */
  z.strictObject({
    kind: z.literal('aws'),
    profile: AwsProfileName.nullable().default(null),
    region: AwsRegion,
    instanceType: InstanceTypeName.nullable().default(null),
    /** Only this network may call on it; `null`: the public address of this machine. */
    allowedCidr: Cidr.nullable().default(null),
  }),
  /** Nothing: only this machine and the regions. */
  z.strictObject({ kind: z.literal('none') }),
])
export type ProbeTarget = z.infer<typeof ProbeTarget>

/** The parts of a probe, in the order in which people read them. */
export const PROBE_PARTS = ['interface', 'mtu', 'latency', 'bandwidth'] as const
export const ProbePart = z.enum(PROBE_PARTS)
export type ProbePart = z.infer<typeof ProbePart>

export const ProbeRequest = z.strictObject({
  target: ProbeTarget,
  parts: z
    .array(ProbePart)
    .min(1)
    .default([...PROBE_PARTS]),
  /** Packet sizes to try first, bytes of the IP packet; the path MTU is searched between those that passed and failed. */
  mtuRungs: z.array(z.int().min(576).max(9216)).min(1).max(16).default([1200, 1500, 1800, 9000]),
  /** Numbers of parallel streams. */
  streams: z.array(z.int().min(1).max(128)).min(1).max(8).default([1, 2, 4, 8]),
  /** Seconds of each bandwidth run. */
  seconds: z.int().min(1).max(3600).default(30),
  directions: z
    .array(z.enum(['upload', 'download']))
    .min(1)
    .max(2)
    .default(['upload', 'download']),
  /** Stepped UDP runs, which tell policing from congestion. */
  udp: z.boolean().default(true),
  /** File that is sent instead of what iperf3 has in memory, to see whether a disk or program is what limits; `null`: none. */
  sourceFile: z.string().min(1).max(4096).nullable().default(null),
  /** Regions whose public endpoint is knocked at; empty: none; `null`: all that are known. */
  regions: z.array(z.string().max(32)).max(64).nullable().default(null),
})
export type ProbeRequest = z.infer<typeof ProbeRequest>
