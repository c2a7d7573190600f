import { median } from '../series.ts'
import type { TcpRun, UdpStep } from './bandwidth.ts'
import type { Source } from './figure.ts'

/** IPv4 and TCP headers with the timestamps that Linux sends (RFC 791, RFC 9293, RFC 7323); IPv4 and UDP headers (RFC 768). */
const TCP_HEADER_BYTES = 20 + 20 + 12
const UDP_HEADER_BYTES = 20 + 8

/** Fewer seconds than these have no later part of their own. */
const FEWEST_SECONDS = 4

/**
 * Payload bits per second of a run when it had come up to speed: the median second of its later two thirds, so that neither slow
 * start nor one bad second counts; of a short run what arrived over all of it.
 */
export const steadyBitsPerSecond = ({ intervals, goodputBitsPerSecond }: TcpRun): number => {
  if (intervals.length < FEWEST_SECONDS) return goodputBitsPerSecond.value
  const later = intervals.slice(Math.ceil(intervals.length / 3)).map(({ bitsPerSecond }) => bitsPerSecond)
  return median(later) ?? goodputBitsPerSecond.value
}

/** Where that comes from: it is not the figure of the whole run. */
export const steadySource = ({ intervals, goodputBitsPerSecond: { from } }: TcpRun): Source =>
  intervals.length < FEWEST_SECONDS ? from : { ...from, how: `${from.how}; median second of the later two thirds` }

/** Bits of IP packets for a bit of TCP payload, of full packets. */
export const tcpOnWire = (packetBytes: number): number => packetBytes / (packetBytes - TCP_HEADER_BYTES)

/** Bits of IP packets for a bit of UDP payload. */
export const udpOnWire = (payloadBytes: number): number => (payloadBytes + UDP_HEADER_BYTES) / payloadBytes

/** Rate in IP packets that arrived in a step. */
export const udpArrived = ({ receivedBitsPerSecond, payloadBytes }: UdpStep): number =>
  receivedBitsPerSecond.value * udpOnWire(payloadBytes)

/** Size of the IP packets of a run: as its flows say, or else as the path allows. */
export const packetBytesOf = (run: TcpRun, pathMtuBytes: number): number => {
  const segments = run.flows.flatMap(({ maximumSegmentBytes }) => maximumSegmentBytes ?? [])
  return segments.length === 0 ? pathMtuBytes : Math.max(...segments) + TCP_HEADER_BYTES
}
