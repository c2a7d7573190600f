import { z } from 'zod'
import { Address, Cidr, InterfaceAddress } from './addressing.ts'
import { CongestionControl, MptcpStrategy, Probe, Spread } from './carriage.ts'
import { interfaceName, slotOfInterface } from './ours.ts'
import { NO_TUNING, Tuning } from './tuning.ts'

/** A WireGuard key as `wg(8)` prints it: 32 bytes in base64. */
export const WireGuardKey = z.string().regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/, {
  error: 'must be a WireGuard public key: 32 bytes in base64',
})

/** Name under which the helper keeps a private key; a host state names keys, and never holds one. */
export const KeyName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, {
  error: 'must be 1–64 of a–z, 0–9 and "-", not starting with "-"',
})

/**
 * Sysctls the helper may set, each with the range it accepts. Exact names only: anything else is refused.
 * Sources: kernel `Documentation/networking/ip-sysctl.rst`, `mptcp-sysctl.rst`.
 */
export const SYSCTL_RANGES = {
  'net.ipv4.fib_multipath_hash_policy': [0, 3],
  'net.ipv4.conf.all.rp_filter': [0, 2],
  'net.ipv4.conf.all.arp_ignore': [0, 8],
  'net.ipv4.conf.all.arp_announce': [0, 2],
  'net.ipv4.tcp_mtu_probing': [0, 2],
  'net.ipv4.tcp_slow_start_after_idle': [0, 1],
  'net.mptcp.enabled': [0, 1],
  'net.mptcp.pm_type': [0, 1],
} as const satisfies Record<string, readonly [number, number]>

export type SysctlName = keyof typeof SYSCTL_RANGES

const Port = z.int().min(1).max(65_535)

/** The far end of one tunnel. */
export const Peer = z.strictObject({
  publicKey: WireGuardKey,
  endpoint: z.strictObject({ address: Address, port: Port }),
  allowedNetworks: z.array(Cidr).min(1).max(64),
  /** Seconds between keepalives; 0 turns them off. */
  keepaliveSeconds: z.int().min(0).max(3600),
})
export type Peer = z.infer<typeof Peer>

/** One WireGuard interface and its only peer. */
export const TunnelInterface = z.strictObject({
  name: z.string().regex(/^mole[1-9][0-9]{0,2}$/, { error: 'must be "mole" and a number from 1 to 999' }),
  address: InterfaceAddress,
  mtuBytes: z.int().min(1280).max(9000),
  listenPort: Port.min(1024),
  keyName: KeyName,
  peer: Peer,
})
export type TunnelInterface = z.infer<typeof TunnelInterface>

/** One kernel parameter the host needs while the bundle is up. */
export const Sysctl = z
  .strictObject({
    name: z.enum(Object.keys(SYSCTL_RANGES) as [SysctlName, ...SysctlName[]]),
    value: z.int(),
  })
  .refine(({ name, value }) => value >= SYSCTL_RANGES[name][0] && value <= SYSCTL_RANGES[name][1], {
    error: 'is outside the range the helper accepts for this sysctl',
    path: ['value'],
  })

/** One bastion's end of the TCP relay, and the tunnels that lead to it. */
const RelayEnd = z.strictObject({
  address: Address,
  port: Port,
  tunnels: z.array(TunnelInterface.shape.name).min(1).max(64),
})

/** Lane numbers of Multipath TCP: 64 slots with two lanes. */
const MOST_LANES = 164

const unique = <T>(items: readonly T[], key: (item: T) => unknown): boolean =>
  new Set(items.map(key)).size === items.length

/**
 * All that the host should have of ours, declared: the helper makes it so. It is closed — there is no
 * way to name a command, a file, a table or an interface that is not ours.
 */
export const HostState = z
  .strictObject({
    tunnels: z.array(TunnelInterface).max(64),
    /** Private networks reached through the bundle; each is spread over every member of `active`. */
    routes: z.array(Cidr).max(64),
    /** Interfaces that carry new flows. Empty while tunnels exist means fail closed, not "go round". */
    active: z.array(TunnelInterface.shape.name).max(64),
    /** Stable source address of the routes, `null` when there are none. */
    sourceAddress: Address.nullable(),
    sysctls: z.array(Sysctl).max(32),
    /** Clamp the TCP maximum segment size of forwarded connections to the tunnel's MTU. */
    mssClamp: z.boolean(),
    /** How a new connection finds its tunnel. */
    spread: Spread.default('hash'),
    /** `null`: nobody takes a dead tunnel out of the route. */
    probe: Probe.nullable().default(null),
    /** A Multipath TCP endpoint on every tunnel (`ip-mptcp(8)`). */
    mptcp: z.strictObject({ strategy: MptcpStrategy }).nullable().default(null),
    /** Congestion control of connections that begin here and go over the tunnels; `null`: whatever this host uses. */
    congestion: CongestionControl.nullable().default(null),
    /** Where the far ends of the TCP relay listen: each bastion's address that all its tunnels lead to. */
    relay: z
      .strictObject({ bastions: z.array(RelayEnd).min(1).max(8) })
      .nullable()
      .default(null),
    tuning: Tuning.default(NO_TUNING),
  })
  .superRefine((state, context) => {
    const fail = (path: string, message: string): void =>
      void context.addIssue({ code: 'custom', path: [path], message })
    if (!unique(state.tunnels, (tunnel) => tunnel.name)) fail('tunnels', 'names one interface twice')
    if (!unique(state.tunnels, (tunnel) => tunnel.listenPort)) fail('tunnels', 'uses one listen port twice')
    if (!unique(state.routes, (route) => route)) fail('routes', 'names one network twice')
    if (!unique(state.active, (name) => name)) fail('active', 'names one interface twice')
    if (!unique(state.sysctls, (sysctl) => sysctl.name)) fail('sysctls', 'names one sysctl twice')
    if (state.active.some((name) => !state.tunnels.some((tunnel) => tunnel.name === name)))
      fail('active', 'names an interface that is not among the tunnels')
    const relayed = state.relay?.bastions.flatMap(({ tunnels }) => tunnels) ?? []
    if (relayed.some((name) => !state.tunnels.some((tunnel) => tunnel.name === name)))
      fail('relay', 'names an interface that is not among the tunnels')
    const isBehind = (address: string, name: string): boolean =>
      state.tunnels.some(({ name: own, peer }) => own === name && peer.allowedNetworks.includes(`${address}/32`))
    if (state.relay?.bastions.some(({ address, tunnels }) => !tunnels.every((name) => isBehind(address, name))))
      fail('relay', 'names an address that is not that of a bastion behind its tunnels')
    if (state.mptcp !== null && state.tunnels.some(({ name }) => (slotOfInterface(name) ?? 0) > MOST_LANES))
      fail('mptcp', `reaches no further than ${interfaceName(MOST_LANES)}`)
    if (state.routes.length > 0 && state.sourceAddress === null)
      fail('sourceAddress', 'is needed as soon as there are routes')
  })
export type HostState = z.infer<typeof HostState>

/** The host with nothing of ours on it: what `down` asks for. */
export const NOTHING: HostState = {
  tunnels: [],
  routes: [],
  active: [],
  sourceAddress: null,
  sysctls: [],
  mssClamp: false,
  spread: 'hash',
  probe: null,
  mptcp: null,
  congestion: null,
  relay: null,
  tuning: NO_TUNING,
}
