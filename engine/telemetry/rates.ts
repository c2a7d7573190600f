import type { InterfaceSample } from '../../contract/helper.ts'

/** IPv4 (20) and TCP with timestamps (32): what each segment carries besides payload. */
const TCP_IP_HEADER_BYTES = 52

/**
 * What the kernel's WireGuard adds to its interface counters for each packet: message header and tag
 * (`message_data_len` in drivers/net/wireguard/messages.h). wireguard-go's TUN counts the inner packet alone.
 */
const KERNEL_WIREGUARD_BYTES = 32

export type CountedBy = 'kernel' | 'userspace'

export type Counters = Pick<InterfaceSample, 'rxBytes' | 'txBytes' | 'rxPackets' | 'txPackets'>

const overheadBytes = (by: CountedBy): number => TCP_IP_HEADER_BYTES + (by === 'kernel' ? KERNEL_WIREGUARD_BYTES : 0)

/** Payload in so many bytes and packets; never below 0 (echoes and bare ACKs are smaller than the header counted). */
export const payloadBytes = (bytes: number, packets: number, by: CountedBy): number =>
  Math.max(0, bytes - packets * overheadBytes(by))

/** Growth of a counter; one that shrank began again at 0 (the interface was made anew). */
const growth = (before: number, now: number): number => (now >= before ? now - before : now)

/** An hour of samples travels in one frame: digits that mean nothing are left out. */
export const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits

/** Payload rate of one direction between two readings `seconds` apart; 0 when no time has passed. */
const rate = (bytes: number, packets: number, seconds: number, by: CountedBy): number =>
  seconds > 0 ? Math.round((payloadBytes(bytes, packets, by) * 8) / seconds) : 0

/** Both directions' payload rates between two readings. Up is what the host sends. */
export const ratesBetween = (
  before: Counters,
  now: Counters,
  seconds: number,
  by: CountedBy,
): { upBitsPerSecond: number; downBitsPerSecond: number } => {
  // An interface made anew resets all its counters at once: packets and bytes must be read from the same start.
  const reset =
    now.rxBytes < before.rxBytes ||
    now.txBytes < before.txBytes ||
    now.rxPackets < before.rxPackets ||
    now.txPackets < before.txPackets
  const from = reset ? { rxBytes: 0, txBytes: 0, rxPackets: 0, txPackets: 0 } : before
  return {
    upBitsPerSecond: rate(growth(from.txBytes, now.txBytes), growth(from.txPackets, now.txPackets), seconds, by),
    downBitsPerSecond: rate(growth(from.rxBytes, now.rxBytes), growth(from.rxPackets, now.rxPackets), seconds, by),
  }
}

/** Less is a clock that is being slewed, or two clocks that are not read in the same instant. */
const STEP_MS = 100
/** A helper that says nothing for longer is lost: no delivery is later. */
const LATEST_MS = 5000

/**
 * Seconds between two samples: by the helper's own stamps, for delivery is late where the machine is busy, and the next
 * one then comes right behind. By our monotonic clock where the wall clock, which the stamps are of, was set in between.
 */
export const secondsBetween = (stampedMs: number, monotonicMs: number, wallMs: number): number => {
  const wasSet = Math.abs(wallMs - monotonicMs) > STEP_MS
  const isPlausible = stampedMs > 0 && Math.abs(stampedMs - monotonicMs) <= LATEST_MS
  return (isPlausible && !wasSet ? stampedMs : monotonicMs) / 1000
}
