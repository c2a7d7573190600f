import { z } from 'zod'
import { Address, Cidr } from '../domain/addressing.ts'
import { HostState, KeyName, WireGuardKey } from '../domain/host-state.ts'
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

export const TrafficRequest = z.strictObject({
  bastionId: BastionId,
  streams: z.int().min(1).max(128),
  durationSeconds: z.int().min(1).max(86_400),
  /** `upload`: DTN → resource. */
  direction: z.enum(['upload', 'download']),
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
    ]),
    'latest',
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
      slots: Slot,
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
  /** Fetches from the research resource over the bundle, as an application on the DTN would. */
  'lab.fetch': call(
    'read',
    z.strictObject({ id: BastionId }),
    z.strictObject({ status: z.int(), bytes: z.int(), firstByteMs: z.number() }),
  ),
  /** Runs iperf3 from the DTN to the research resource; closing the stream ends it. */
  'lab.traffic': stream('write', TrafficRequest, TrafficEvent),
} as const
export type HelperContract = typeof helperContract
