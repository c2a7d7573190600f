import { z } from 'zod'
import { figure } from './figure.ts'

/** What `ss -ti` says of one flow of a run: the sending end's last look, and what it saw over the run. */
export const FlowLook = z.strictObject({
  local: z.string(),
  remote: z.string(),
  bytesSent: z.number(),
  bytesRetransmitted: z.number(),
  segmentsSent: z.number(),
  retransmits: z.number(),
  maximumSegmentBytes: z.number().nullable(),
  congestionWindow: z.number().nullable(),
  congestionControl: z.string(),
  rttMs: z.number().nullable(),
  minRttMs: z.number().nullable(),
  deliveryBitsPerSecond: z.number().nullable(),
  /** Of the run: sending at all, held back by the receiver's window, by its own send buffer. */
  busyMs: z.number(),
  receiverLimitedMs: z.number(),
  sendBufferLimitedMs: z.number(),
  /** Looks at it, and those at which the application had nothing to send. */
  looks: z.int(),
  applicationLimitedLooks: z.int(),
  /** Median of the round trip over the looks: against `minRttMs` it shows a queue. */
  medianRttMs: z.number().nullable(),
})
export type FlowLook = z.infer<typeof FlowLook>

/** One second of a run, all streams together. */
export const RunSecond = z.strictObject({ seconds: z.number(), bitsPerSecond: z.number() })
export type RunSecond = z.infer<typeof RunSecond>

/** A run of TCP over so many streams. */
export const TcpRun = z.strictObject({
  direction: z.enum(['upload', 'download']),
  streams: z.int(),
  /** Seconds it truly ran. */
  seconds: z.number(),
  /** Payload that arrived. */
  goodputBitsPerSecond: figure(z.number()),
  intervals: z.array(RunSecond),
  retransmits: z.number().nullable(),
  /** Share of one core that iperf3 used at each end; `null` where it did not say. */
  senderCoreRatio: z.number().nullable(),
  receiverCoreRatio: z.number().nullable(),
  /** Of the sending end; empty for downloads, where it is the far one. */
  flows: z.array(FlowLook),
  /** Looks of the receiving end are of no use for limits; its smallest round trip still is. */
  sourceFile: z.string().nullable(),
})
export type TcpRun = z.infer<typeof TcpRun>

/** One step of UDP at a rate of its own, one flow. */
export const UdpStep = z.strictObject({
  offeredBitsPerSecond: z.number(),
  /** Payload that arrived. */
  receivedBitsPerSecond: figure(z.number()),
  lossRatio: z.number(),
  jitterMs: z.number().nullable(),
  payloadBytes: z.int(),
  flows: z.int(),
})
export type UdpStep = z.infer<typeof UdpStep>

/** Counters of the interface that rose during the runs. */
export const InterfaceDrops = z.strictObject({
  transmitDropped: z.number(),
  receiveDropped: z.number(),
  receiveMissed: z.number(),
})

export const BandwidthResult = z.strictObject({
  /** "3.12"; older than 3.16 it is one thread, whose core may be the limit. */
  iperf3Version: z.string(),
  runs: z.array(TcpRun),
  udp: z.array(UdpStep),
  drops: InterfaceDrops.nullable(),
  /** Busiest core of this host over the runs, share; `null` where it was not seen. */
  busiestCoreRatio: z.number().nullable(),
})
export type BandwidthResult = z.infer<typeof BandwidthResult>
