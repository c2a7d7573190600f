/** Bytes on the wire between AWS and the internet in one calendar month (UTC): tiers begin anew with each. */
export type MonthTraffic = {
  /** `2026-11` */
  readonly month: string
  /** Into AWS. */
  readonly bytesIn: number
  /** Out of AWS. */
  readonly bytesOut: number
}

/** A counter that only grows, and begins again at 0 when what it counts is made anew. */
export type CounterReading = { readonly name: string; readonly bytesIn: number; readonly bytesOut: number }

export const monthOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 7)

/** IPv4 and UDP around each WireGuard packet (RFC 791, RFC 768). */
const UDP_IP_BYTES = 28
/** What WireGuard adds to a packet, and what it fills one up to (https://www.wireguard.com/protocol/). */
const WIREGUARD_BYTES = 32
const FILLED_TO_BYTES = 16

/**
 * Bytes on the wire of so many packets of a tunnel's interface: what AWS counts.
 * @param by the kernel counts its packets with WireGuard's share, wireguard-go the packets inside it. Handshakes and
 *   keepalives, a few bytes a minute, are in the kernel's count only.
 */
export const wireBytes = (bytes: number, packets: number, by: 'kernel' | 'userspace'): number => {
  if (packets <= 0) return 0
  if (by === 'kernel') return bytes + packets * UDP_IP_BYTES
  const filled = Math.ceil(bytes / packets / FILLED_TO_BYTES) * FILLED_TO_BYTES
  return packets * (filled + WIREGUARD_BYTES + UDP_IP_BYTES)
}

/** What a counter grew by; all of it where there was no earlier reading or it began again. */
export const grownBy = (before: CounterReading | undefined, now: CounterReading): Omit<CounterReading, 'name'> => {
  const anew = before === undefined || now.bytesIn < before.bytesIn || now.bytesOut < before.bytesOut
  return anew
    ? { bytesIn: now.bytesIn, bytesOut: now.bytesOut }
    : { bytesIn: now.bytesIn - before.bytesIn, bytesOut: now.bytesOut - before.bytesOut }
}

/** The traffic with so many bytes more in the month of `atMs`. */
export const addTraffic = (
  traffic: readonly MonthTraffic[],
  { bytesIn, bytesOut }: Omit<CounterReading, 'name'>,
  atMs: number,
): MonthTraffic[] => {
  if (bytesIn === 0 && bytesOut === 0) return [...traffic]
  const month = monthOf(atMs)
  const now = traffic.find((each) => each.month === month) ?? { month, bytesIn: 0, bytesOut: 0 }
  return [
    ...traffic.filter((each) => each.month !== month),
    { month, bytesIn: now.bytesIn + bytesIn, bytesOut: now.bytesOut + bytesOut },
  ]
}
