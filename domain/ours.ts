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
  /** Its table of what leads connections to the TCP relay, family `inet`. */
  relayNftTable: 'mole_relay',
  /** Routing table of tunnel N alone is `tunnelTableBase + N`. */
  tunnelTableBase: 7200,
  /**
   * Priority of the rules that send what comes from a tunnel's own address to that tunnel's table, and, plus 1, of those that
   * send there what was dealt to it: before `rulePriority`.
   */
  tunnelRulePriority: 7070,
  /** Mark of a connection that was dealt to slot N: "mo", a number that is the same for all that were dealt together, and N. */
  markBase: 0x6d6f0000,
  /** TCP ports, on the bastion's common address: of the agent, and of the far end of the relay. */
  agentPort: 7008,
  relayPort: 7009,
  /** TCP port of the DTN's end of the relay, on loopback. */
  relayListenPort: 7010,
  /** UDP port, on both ends, of the echo that measures RTT and loss inside each tunnel. */
  echoPort: 7007,
} as const

/**
 * A tunnel has two lanes, so that one can be made with new keys while the other carries. What is on the host and on the
 * bastion (interface, address, mark, table, next hop) goes by the lane's number: that of the slot, plus 100 for lane 1.
 */
export type Lane = 0 | 1
const LANE_STEP = 100

/** Number of a slot's lane. */
export const laneNumber = (slot: number, lane: Lane): number => slot + LANE_STEP * lane

/** The slot a lane number belongs to. */
export const slotOfLane = (number: number): number => number % LANE_STEP

/** Interface of a lane number (1-based). */
export const interfaceName = (number: number): string => `${OURS.interfacePrefix}${number}`

/** Lane number of an interface name, or `null` when the interface is not ours. */
export const slotOfInterface = (name: string): number | null => {
  const digits = /^mole([0-9]{1,3})$/.exec(name)?.[1]
  return digits === undefined ? null : Number(digits)
}
