/** IPv4 and TCP headers, and the TCP timestamps that Linux sends (RFC 791, RFC 9293, RFC 7323). */
const INNER_HEADER_BYTES = 20 + 20 + 12

/** IPv4 and UDP headers, and what WireGuard adds to a packet (RFC 791, RFC 768; https://www.wireguard.com/protocol/). */
const TUNNEL_HEADER_BYTES = 20 + 8 + 32

/** The largest packet that an internet gateway lets through (docs.aws.amazon.com/vpc/latest/userguide, Internet gateways). */
const INTERNET_MTU_BYTES = 1500

/**
 * Payload of a full TCP packet in a tunnel, as a share of the IP packet around it. EC2's limits and data transfer
 * count what is on the wire; a person counts payload. A larger MTU than fits the internet gains nothing.
 */
export const payloadShare = (mtuBytes: number): number => {
  const mtu = Math.min(mtuBytes, INTERNET_MTU_BYTES - TUNNEL_HEADER_BYTES)
  return (mtu - INNER_HEADER_BYTES) / (mtu + TUNNEL_HEADER_BYTES)
}
