import type { SysctlName } from '../../domain/host-state.ts'
import type { Deal } from '../deal.ts'
import type { RelayFacts } from '../relay/keeper.ts'
import type { TuningFacts } from '../tuning/facts.ts'

/** Who does the encryption: the kernel's module, or a `wireguard-go` process. */
export type Flavour = 'kernel' | 'userspace'

/** A peer as WireGuard says it is. `allowedNetworks` is sorted, so that equal sets compare equal. */
export type PeerFacts = {
  readonly publicKey: string
  /** `address:port`; `null` when none is known. */
  readonly endpoint: string | null
  readonly allowedNetworks: readonly string[]
  readonly keepaliveSeconds: number
}

/** An interface's WireGuard settings; private keys appear nowhere but in the helper's key files. */
export type WireGuardFacts = {
  /** Our own public key; `null` when no private key is set. */
  readonly publicKey: string | null
  readonly listenPort: number
  readonly peers: readonly PeerFacts[]
}

export type LinkFacts = {
  readonly name: string
  readonly flavour: Flavour
  readonly mtuBytes: number
  readonly isUp: boolean
  /** IPv4 addresses with prefix length. */
  readonly addresses: readonly string[]
  /** `null` when nobody answers for it: its process is dead, or it is not a WireGuard interface. */
  readonly wireguard: WireGuardFacts | null
}

export type RouteFacts = {
  readonly network: string
  readonly via: 'bundle' | 'blackhole'
  /** Preferred source address; `null` for the blackhole. */
  readonly source: string | null
  /** Congestion control of connections over it; `null`: the host's own. */
  readonly congestion: string | null
}

/** A network in the table of one tunnel (lane number): through it alone, or nowhere. */
export type TunnelRouteFacts = {
  readonly number: number
  readonly network: string
  readonly via: 'tunnel' | 'blackhole'
  readonly congestion: string | null
}

/** A look-up in the table of one tunnel: of what comes `from` its own address, or, `null`, of what was dealt to it. */
export type TunnelRuleFacts = { readonly number: number; readonly from: string | null }

/** Our table of nftables. */
export type NftFacts = {
  /** The segment size of forwarded TCP is clamped. */
  readonly clamp: boolean
  readonly deal: Deal | null
  /** Addresses of bastions whose agents nobody here may ask but the helper; ascending. */
  readonly agents: readonly string[]
}

/** Limits of Multipath TCP (`ip-mptcp(8)`): of a connection's additional subflows, and of the peer's addresses used for them. */
export type MptcpLimits = { readonly subflows: number; readonly accepted: number }

/** Endpoints of Multipath TCP. Whether one is a mere backup is moved at run time, and no part of it. */
export type MptcpFacts = {
  /** Ours, by tunnel (lane number). */
  readonly endpoints: readonly { readonly number: number; readonly address: string }[]
  /** Tunnels whose endpoint is on an interface that is gone. */
  readonly loose: readonly number[]
  /** How many there are that are not ours. */
  readonly others: number
  readonly limits: MptcpLimits
}

/** Something that bears our label but that no `HostState` could have made; `ip` is the batch line that removes it. */
export type Stray = { readonly text: string; readonly ip: string }

/** What must not be swallowed: the rest of the host's network. */
export type Surroundings = {
  /** Networks the host itself stands in, as `10.1.2.3/24`. */
  readonly connected: readonly string[]
  /** Networks with a route of their own in table `main`, except the default. */
  readonly routed: readonly string[]
  readonly gateways: readonly string[]
  readonly nameservers: readonly string[]
}

/** Everything of ours on the host as it is, and what surrounds it. Read anew before each decision. */
export type Facts = {
  readonly links: readonly LinkFacts[]
  /** Addresses on `lo` that bear our label, with prefix length. */
  readonly sourceAddresses: readonly string[]
  /** Next-hop objects of ours, one per tunnel. */
  readonly nexthops: readonly { readonly slot: number; readonly device: string }[]
  /** Slots of the next-hop group; `null` when there is no group. */
  readonly group: readonly number[] | null
  readonly routes: readonly RouteFacts[]
  /** Networks whose look-up goes to our table. */
  readonly rules: readonly string[]
  /** Routes in the tables of single tunnels, and what is looked up there. */
  readonly tunnelRoutes: readonly TunnelRouteFacts[]
  readonly tunnelRules: readonly TunnelRuleFacts[]
  /** `null`: this kernel has no Multipath TCP. */
  readonly mptcp: MptcpFacts | null
  /** The DTN's end of the TCP relay. */
  readonly relay: RelayFacts
  readonly strays: readonly Stray[]
  /** `other`: our table is there, but not as we write it. */
  readonly nft: NftFacts | 'absent' | 'other'
  readonly sysctls: Readonly<Partial<Record<SysctlName, number>>>
  readonly tuning: TuningFacts
  readonly surroundings: Surroundings
}
