import { z } from 'zod'
import { figure } from './figure.ts'

/** What became of a packet size. */
export const Rung = z.strictObject({
  /** Of the IP packet, its header included. */
  bytes: z.int(),
  /** `passed`: an answer came back; `too-big`: this host or a router said so; `lost`: nobody said anything. */
  outcome: z.enum(['passed', 'too-big', 'lost']),
  /** Of `too-big`: who said it. */
  saidBy: z.enum(['this-host', 'path']).nullable(),
  sent: z.int(),
  answered: z.int(),
})
export type Rung = z.infer<typeof Rung>

/** Largest IP packet towards the target, found by packets that may not be fragmented (RFC 8899). */
export const MtuResult = z.strictObject({
  by: z.enum(['udp', 'icmp']),
  /** Bytes of the IP packet; exact: this size passed, and one byte more did not (or was never to be tried). */
  mtuBytes: figure(z.int()),
  /** For the tunnel inside it: less 60 bytes (IPv4). */
  innerMtuBytes: figure(z.int()),
  rungs: z.array(Rung),
  /** Larger packets vanish, although nobody says that they are too big. */
  blackHole: z.boolean(),
  /** What the path itself said is the largest; `null` when it said nothing. */
  saidBytes: z.int().nullable(),
  /** What ends the search: this host's own interface, the path, or the largest size that was to be tried. */
  limitedBy: z.enum(['interface', 'path', 'ladder']),
})
export type MtuResult = z.infer<typeof MtuResult>

/** Round trips in ms. */
export const RoundTrips = z.strictObject({
  by: z.enum(['udp', 'icmp', 'tcp']),
  sent: z.int(),
  answered: z.int(),
  minMs: figure(z.number()),
  medianMs: figure(z.number()),
  p95Ms: figure(z.number()),
  /** Mean difference of one round trip to the next (RFC 3550 without its smoothing). */
  jitterMs: figure(z.number()),
})
export type RoundTrips = z.infer<typeof RoundTrips>

/** A cloud region's public endpoint, by the time a TCP connection takes. */
export const RegionLatency = z.strictObject({
  region: z.string(),
  endpoint: z.string(),
  /** `null`: not reachable, as `problem` says. */
  trips: RoundTrips.nullable(),
  problem: z.string().nullable(),
})
export type RegionLatency = z.infer<typeof RegionLatency>

export const LatencyResult = z.strictObject({
  /** To the target itself; `null` when nothing answered or there is none, as `problem` says. */
  target: RoundTrips.nullable(),
  problem: z.string().nullable(),
  regions: z.array(RegionLatency),
})
export type LatencyResult = z.infer<typeof LatencyResult>
