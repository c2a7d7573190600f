/**
 * The labels by which everything Cloud Mole puts on a host is recognised, so that clean-up
 * works even when the journal is lost. Chosen outside the ranges distributions use
 * (`/etc/iproute2/rt_protos`, `rt_tables`).
 */
export const OURS = {
  /** Interfaces are `mole1` … `mole999`; interface `moleN` carries tunnel N. */
  interfacePrefix: 'mole',
  /** Routing table that holds our routes and nothing else. */
  routingTable: 7077,
  /** Priority of our `ip rule` entries: before `main` (32766). */
  rulePriority: 7077,
  /** `protocol` of our routes, rules and next hops (`ip-route(8)`: 0–255). */
  routeProtocol: 177,
  /** Next-hop object of tunnel N is `nexthopBase + N`. */
  nexthopBase: 770_000,
  /** Next-hop group that spreads flows over the tunnels. */
  nexthopGroup: 771_000,
  /** Label of the stable source address on `lo` (`ip-address(8)`: at most 15 characters). */
  sourceLabel: 'lo:mole',
  /** Metric of the blackhole that keeps traffic from leaking when no tunnel is up. */
  failClosedMetric: 4096,
  /** nftables table, family `inet`. */
  nftTable: 'mole',
  /** UDP port, on both ends, of the echo that measures RTT and loss inside each tunnel. */
  echoPort: 7007,
} as const

/** Interface name of tunnel `slot` (1-based). */
export const interfaceName = (slot: number): string => `${OURS.interfacePrefix}${slot}`

/** Tunnel slot of an interface name, or `null` when the interface is not ours. */
export const slotOfInterface = (name: string): number | null => {
  const digits = /^mole([0-9]{1,3})$/.exec(name)?.[1]
  return digits === undefined ? null : Number(digits)
}
