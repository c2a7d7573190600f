import { z } from 'zod'
import { Address, Cidr } from '../domain/addressing.ts'
import { HostState, KeyName, WireGuardKey } from '../domain/host-state.ts'
import { SiteCondition } from '../domain/probe/request.ts'
import { TuningOption } from '../domain/tuning.ts'
import { MAX_TUNNELS_PER_BASTION } from '../domain/tunnel-plan.ts'
import { call, stream } from './define.ts'

/**
 * What the engine may ask of the privileged helper. Closed and declarative: no command, path or option
 * of the caller's choice ever reaches the system. See docs/security.md.
 */

const Nothing = z.strictObject({})
const Generation = z.int().min(0)
const InterfaceName = z.string().max(15)
const BastionId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/)
const Slot = z.int().min(1).max(64)

/** One operation of a plan, as text for people and logs; it carries no secret. */
export const OperationText = z.strictObject({ kind: z.string(), text: z.string() })

export const HostFacts = z.strictObject({
  kernel: z.string(),
  wireguard: z.enum(['kernel', 'userspace', 'missing']),
  /** The lab: a namespace of its own, where `lab.*` is allowed and nothing touches this machine. */
  isLab: z.boolean(),
})

export const InterfaceSample = z.strictObject({
  name: InterfaceName,
  /** Counters of the interface since it was made, seen from the host. */
  rxBytes: z.number(),
  txBytes: z.number(),
  rxPackets: z.number(),
  txPackets: z.number(),
  /** Seconds since the last WireGuard handshake; `null` before the first. */
  handshakeAgeSeconds: z.number().nullable(),
  /** Round trip of the echo through this tunnel over the last second: median, `null` when none came back. */
  rttMs: z.number().nullable(),
  /** Share of echoes of the last few seconds that never came back, 0–1; `null` before any was due. */
  lossRatio: z.number().min(0).max(1).nullable(),
  /**
   * What the helper thinks of it. `degraded`: it answers, and some echoes are lost. `dead`: nothing comes back, so it carries
   * nothing, unless nothing comes back through any tunnel.
   */
  verdict: z.enum(['unknown', 'up', 'degraded', 'dead']),
  /** It is in the route. */
  carries: z.boolean(),
})
export type InterfaceSample = z.infer<typeof InterfaceSample>

export const HostObservation = z.strictObject({
  generation: Generation,
  /** What is there of ours, in the same terms as what is asked for; endpoints as they are now. */
  state: HostState,
  /** Addresses and networks that belong to the host itself; routes may not swallow them. */
  connectedNetworks: z.array(z.string()),
  drift: z.array(z.string()),
})
export type HostObservation = z.infer<typeof HostObservation>

export const LabBastion = z.strictObject({
  id: BastionId,
  /** Deployment this bastion is tagged with. */
  deploymentId: BastionId,
  publicAddress: Address,
  privateCidr: Cidr,
  /** Address of the research resource: iperf3 on 5201, HTTP on 80. */
  resourceAddress: Address,
  state: z.enum(['booting', 'running', 'failed']),
  brokenSlots: z.array(Slot),
})
export type LabBastion = z.infer<typeof LabBastion>

/** What a path of the lab does to packets, both ways. */
export const PathCondition = z.strictObject({
  /** Share of packets that are lost, 0–1. */
  lossRatio: z.number().min(0).max(1),
  /** Time added to each packet's way, in ms; half a round trip of what is asked for. */
  delayMs: z.number().min(0).max(1000),
})
export type PathCondition = z.infer<typeof PathCondition>

/** One TCP connection over the bundle, as `ss -ti` sees it (`ss(8)`, `tcp_info` of the kernel). */
export const FlowSample = z.strictObject({
  local: z.string(),
  remote: z.string(),
  /** Tunnel (lane number) it rides; `null` where that cannot be told. */
  tunnel: z.int().nullable(),
  /** Token of the Multipath TCP connection it is a subflow of; `null` for ordinary TCP. */
  mptcpToken: z.string().nullable(),
  /** The subflow is used only when no other is left. */
  backup: z.boolean(),
  bytesSent: z.number(),
  bytesReceived: z.number(),
  /** What the kernel measured lately. */
  deliveryBitsPerSecond: z.number().nullable(),
  pacingBitsPerSecond: z.number().nullable(),
  rttMs: z.number().nullable(),
  congestionWindow: z.int().nullable(),
  congestionControl: z.string(),
  retransmits: z.int(),
  /** Times in ms since it began: sending at all, held back by the receiver's window, by its own send buffer. */
  busyMs: z.number(),
  receiverLimitedMs: z.number(),
  sendBufferLimitedMs: z.number(),
  /** The application gave it nothing to send. */
  applicationLimited: z.boolean(),
  /** User id of the socket's owner; `null` where not told. */
  uid: z.int().nullable(),
})
export type FlowSample = z.infer<typeof FlowSample>

/** What of Multipath TCP is in force on this host, whatever was asked for. */
export const MptcpFacts = z.strictObject({
  available: z.boolean(),
  /** Schedulers the kernel has, and the one in force. */
  schedulers: z.array(z.string()),
  scheduler: z.string().nullable(),
  pathManager: z.string().nullable(),
  /** Lane numbers with an endpoint. */
  endpoints: z.array(z.strictObject({ tunnel: z.int(), backup: z.boolean() })),
  subflowLimit: z.int().nullable(),
})
export type MptcpFacts = z.infer<typeof MptcpFacts>

/** What a core does, and for which tunnels. */
export const CoreLoad = z.strictObject({
  core: z.int(),
  numaNode: z.int().nullable(),
  /** Share of the time since the last look in which it was not idle, 0–1; `null` at the first look. */
  busyRatio: z.number().min(0).max(1).nullable(),
})

/** Where a tunnel's work is done. */
export const TunnelWork = z.strictObject({
  name: InterfaceName,
  /** Cores it may use; empty where all. */
  cores: z.array(z.int()),
  /** Its process's share of one core since the last look; `null` for kernel WireGuard and at the first look. */
  coreRatio: z.number().nullable(),
  memoryBytes: z.number().nullable(),
})

/** One thing of the host that is set otherwise than it was. */
export const TunedSetting = z.strictObject({
  option: TuningOption,
  /** The file, or the card's setting. */
  what: z.string(),
  was: z.string(),
  now: z.string(),
})

export const HostLoad = z.strictObject({
  atMs: z.number(),
  cores: z.array(CoreLoad),
  tunnels: z.array(TunnelWork),
  tuned: z.array(TunedSetting),
  /** What was asked for and this host does not have, in words. */
  lacking: z.array(z.strictObject({ option: TuningOption, reason: z.string() })),
})
export type HostLoad = z.infer<typeof HostLoad>

/** A lane of a bastion, as its agent tells it. */
export const BastionLane = z.strictObject({ number: z.int().min(1).max(199), publicKey: WireGuardKey, port: z.int() })

export const TrafficRequest = z.strictObject({
  bastionId: BastionId,
  streams: z.int().min(1).max(128),
  durationSeconds: z.int().min(1).max(86_400),
  /** `upload`: DTN → resource. */
  direction: z.enum(['upload', 'download']),
  /** `mptcp`: as by `mptcpize run`, at both ends. */
  protocol: z.enum(['tcp', 'mptcp']).default('tcp'),
})

/** iperf3's own words, in our units. */
export const TrafficEvent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('started'), atMs: z.number() }),
  z.strictObject({ kind: z.literal('interval'), atMs: z.number(), seconds: z.number(), bitsPerSecond: z.number() }),
  z.strictObject({
    kind: z.literal('report'),
    atMs: z.number(),
    seconds: z.number(),
    bytes: z.number(),
    bitsPerSecond: z.number(),
    retransmits: z.number().nullable(),
    tool: z.string(),
  }),
])
export type TrafficEvent = z.infer<typeof TrafficEvent>

/** Where the lab's probe site answers, seen from the lab's DTN. */
export const LabSite = z.strictObject({
  address: Address,
  iperf3Port: z.int(),
  echoPort: z.int(),
  /** In the lab's DTN, fed at the rate of a slow sender, to be sent by iperf3; `null` where the sender is not to be slow. */
  sourceFile: z.string().nullable(),
})
export type LabSite = z.infer<typeof LabSite>

export const helperContract = {
  hello: call(
    'read',
    Nothing,
    z.strictObject({ version: z.string(), pid: z.number(), facts: HostFacts, generation: Generation }),
  ),
  inspect: call('read', Nothing, HostObservation),
  /** Makes the key pair if it is not there; the private key stays with the helper. */
  'keys.ensure': call(
    'write',
    z.strictObject({ names: z.array(KeyName).min(1).max(64) }),
    z.strictObject({ publicKeys: z.record(KeyName, WireGuardKey) }),
  ),
  'keys.forget': call('write', z.strictObject({ names: z.array(KeyName).max(64) }), Nothing),
  /**
   * Private keys, for a person who takes a tunnel elsewhere (`mole export wg-quick --with-keys`); nothing else asks.
   * A write, so that a connection limited to reading cannot. `not-found` naming the first key that is not there.
   */
  'keys.reveal': call(
    'write',
    z.strictObject({ names: z.array(KeyName).min(1).max(64) }),
    z.strictObject({ privateKeys: z.record(KeyName, WireGuardKey) }),
  ),
  /** What `apply` would do, without doing it. */
  plan: call('read', z.strictObject({ state: HostState }), z.strictObject({ operations: z.array(OperationText) })),
  /**
   * Makes the host so. `generation` is the one the caller last saw; another writer in between gives `conflict`.
   * With `confirmWithinSeconds` the change undoes itself unless `confirm` arrives in time.
   */
  apply: call(
    'write',
    z.strictObject({
      generation: Generation,
      state: HostState,
      confirmWithinSeconds: z.int().min(5).max(300).nullable().default(null),
    }),
    z.strictObject({ generation: Generation, operations: z.array(OperationText) }),
  ),
  /** Makes the change final. Only over a fresh connection, which proves that the helper can still be reached; else `denied`. */
  confirm: call('write', z.strictObject({ generation: Generation }), Nothing),
  /** Undoes everything of ours: the host as it was before the first `apply`. `drift` lists what others changed since. */
  revert: call(
    'write',
    Nothing,
    z.strictObject({ generation: Generation, operations: z.array(OperationText), drift: z.array(z.string()) }),
  ),
  watch: stream(
    'read',
    Nothing,
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('state'), atMs: z.number(), generation: Generation }),
      z.strictObject({ kind: z.literal('sample'), atMs: z.number(), interfaces: z.array(InterfaceSample) }),
      /** What the helper did by itself, or could not do; `text` is a sentence for people. */
      z.strictObject({
        kind: z.literal('news'),
        atMs: z.number(),
        what: z.enum(['tunnel-rebuilt', 'rebuild-failed', 'endpoint-renewed']),
        text: z.string(),
      }),
    ]),
    'latest',
  ),

  /** TCP connections over the bundle at this moment, largest first, and what of Multipath TCP is in force. */
  flows: call('read', Nothing, z.strictObject({ atMs: z.number(), flows: z.array(FlowSample), mptcp: MptcpFacts })),
  /** Load of cores and tunnels since the last look, and how the host is tuned. */
  'host.load': call('read', Nothing, HostLoad),
  /** Asks the agent of a bastion, at its common address through one tunnel, which lanes it has. */
  'agent.hello': call(
    'read',
    z.strictObject({ through: InterfaceName, bastion: Address }),
    z.strictObject({ lanes: z.array(BastionLane) }),
  ),
  /** Has it make a lane anew, with new keys of its own, for the DTN's key that is kept here under `keyName`. */
  'agent.make-lane': call(
    'write',
    z.strictObject({ through: InterfaceName, bastion: Address, number: z.int().min(1).max(199), keyName: KeyName }),
    BastionLane,
  ),
  /** Has it take a lane away. Again: no-op. */
  'agent.drop-lane': call(
    'write',
    z.strictObject({ through: InterfaceName, bastion: Address, number: z.int().min(1).max(199) }),
    Nothing,
  ),

  /**
   * Boots a bastion. The bastions of one deployment with the same private network share that network and one research
   * resource in it, made with the first and gone with the last. Again with the same id: no-op.
   */
  'lab.launch': call(
    'write',
    z.strictObject({
      id: BastionId,
      deploymentId: BastionId,
      /** The rendered boot script, the same text a cloud instance gets as user data. */
      bootScript: z.string().max(64 * 1024),
      privateCidr: Cidr,
      /** Number of its first slot, of all bastions of its deployment; and how many it has. */
      firstSlot: Slot.default(1),
      slots: z.int().min(1).max(MAX_TUNNELS_PER_BASTION),
      /** UDP port of the first slot; slot N has `firstPort + N - firstSlot`. */
      firstPort: z.int().min(1024).max(65_000),
      pathRateBitsPerSecond: z.int().min(1_000_000).max(10_000_000_000),
    }),
    LabBastion,
  ),
  'lab.list': call('read', Nothing, z.strictObject({ bastions: z.array(LabBastion) })),
  /** What the boot script printed, as `GetConsoleOutput` would give it. */
  'lab.console': call('read', z.strictObject({ id: BastionId }), z.strictObject({ text: z.string() })),
  'lab.terminate': call('write', z.strictObject({ id: BastionId }), Nothing),
  /** Blackholes or heals the internet path of one of the bastion's slots, silently, both ways. */
  'lab.path': call(
    'write',
    z.strictObject({ id: BastionId, slot: Slot, state: z.enum(['broken', 'healthy']) }),
    LabBastion,
  ),
  /** What the path of one slot does to packets from now on. */
  'lab.condition': call('write', z.strictObject({ id: BastionId, slot: Slot, condition: PathCondition }), Nothing),
  /** Fetches from the research resource over the bundle, as an application on the DTN would. */
  'lab.fetch': call(
    'read',
    z.strictObject({ id: BastionId }),
    z.strictObject({ status: z.int(), bytes: z.int(), firstByteMs: z.number() }),
  ),
  /**
   * Makes the lab's probe site, a host behind a path of known properties; there is one at most: an earlier
   * one is taken away first. It answers as `condition.answers` says, once this returns.
   */
  'lab.open-site': call('write', z.strictObject({ condition: SiteCondition }), LabSite),
  /** Takes the probe site away and proves it. Without one: no-op. */
  'lab.close-site': call('write', Nothing, Nothing),
  /** Runs iperf3 from the DTN to the research resource; closing the stream ends it. */
  'lab.traffic': stream('write', TrafficRequest, TrafficEvent),
} as const
export type HelperContract = typeof helperContract
