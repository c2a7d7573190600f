/** IPv4 and TCP headers, and the TCP timestamps that Linux sends (RFC 791, RFC 9293, RFC 7323). */
const INNER_HEADER_BYTES = 20 + 20 + 12

/** IPv4 and UDP headers, and what WireGuard adds to a packet (RFC 791, RFC 768; https://www.wireguard.com/protocol/). */
const TUNNEL_HEADER_BYTES = 20 + 8 + 32

/** The largest packet that an internet gateway lets through (docs.aws.amazon.com/vpc/latest/userguide, Internet gateways). */
const INTERNET_MTU_BYTES = 1500

/** Headers alone, filled up to 16 bytes as WireGuard does. */
const ACKNOWLEDGEMENT_BYTES = 64 + TUNNEL_HEADER_BYTES

const fitting = (mtuBytes: number): number => Math.min(mtuBytes, INTERNET_MTU_BYTES - TUNNEL_HEADER_BYTES)

/**
 * Bytes on the wire that acknowledge a byte of payload, at most: a packet for every two (RFC 9293, 3.8.6.3). A receiver
 * that merges packets sends fewer.
 */
export const acknowledgementShare = (mtuBytes: number): number =>
  ACKNOWLEDGEMENT_BYTES / (2 * (fitting(mtuBytes) - INNER_HEADER_BYTES))

/**
 * Payload of a full TCP packet in a tunnel, as a share of the IP packet around it. EC2's limits and data transfer
 * count what is on the wire; a person counts payload. A larger MTU than fits the internet gains nothing.
 */
export const payloadShare = (mtuBytes: number): number => {
  const mtu = fitting(mtuBytes)
  return (mtu - INNER_HEADER_BYTES) / (mtu + TUNNEL_HEADER_BYTES)
}
