/** IPv4 and TCP headers, and the TCP timestamps that Linux sends (RFC 791, RFC 9293, RFC 7323). */
const INNER_HEADER_BYTES = 20 + 20 + 12

/** IPv4 and UDP headers, and what WireGuard adds to a packet (RFC 791, RFC 768; https://www.wireguard.com/protocol/). */
const TUNNEL_HEADER_BYTES = 20 + 8 + 32

/** The largest packet that an internet gateway lets through (docs.aws.amazon.com/vpc/latest/userguide, Internet gateways). */
const INTERNET_MTU_BYTES = 1500

/** Headers alone, filled up to 16 bytes as WireGuard does. */
const ACKNOWLEDGEMENT_BYTES = 64 + TUNNEL_HEADER_BYTES

const fitting = (mtuBytes: number): number => Math.min(mtuBytes, INTERNET_MTU_BYTES - TUNNEL_HEADER_BYTES)

/** A receiver that merges nothing acknowledges every second packet (RFC 9293, 3.8.6.3). */
export const UNMERGED_PACKETS = 2

/** What Linux merges into one packet at most, headers and all (GRO; `gro_ipv4_max_size` of ip-link(8)). */
const MERGED_BYTES = 65_535

/** Packets that a receiver takes, and acknowledges, as one at most. */
export const mostMergedPackets = (mtuBytes: number): number =>
  Math.floor((MERGED_BYTES - INNER_HEADER_BYTES) / (fitting(mtuBytes) - INNER_HEADER_BYTES))

/** Bytes on the wire that acknowledge a byte of payload, where each acknowledgement is of so many packets. */
export const acknowledgementShare = (mtuBytes: number, packetsEach: number = UNMERGED_PACKETS): number =>
  ACKNOWLEDGEMENT_BYTES / (packetsEach * (fitting(mtuBytes) - INNER_HEADER_BYTES))

/**
 * Payload of a full TCP packet in a tunnel, as a share of the IP packet around it. EC2's limits and data transfer
 * count what is on the wire; a person counts payload. A larger MTU than fits the internet gains nothing.
 */
export const payloadShare = (mtuBytes: number): number => {
  const mtu = fitting(mtuBytes)
  return (mtu - INNER_HEADER_BYTES) / (mtu + TUNNEL_HEADER_BYTES)
}
