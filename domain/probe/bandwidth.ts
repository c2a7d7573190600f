import { z } from 'zod'
import { figure } from './figure.ts'

/**
 * What `ss -ti` says of one flow of a run, looked at by the sending end. Counters are those between the first and the last
 * look; the start that is left out of the run's figures is left out here too.
 */
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
  /** Between the first and the last look. */
  watchedMs: z.number(),
  /** Of those: sending at all, held back by the receiver's window, by its own send buffer. */
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

/** One second of a run, all streams together (of long runs several); `seconds`: since the run began, at its end. */
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
  /** Of the sending end; empty for downloads, where it is the far one. Of very many flows some, evenly chosen. */
  flows: z.array(FlowLook),
  /** File that was sent; `null`: what iperf3 fills its packets with. */
  sourceFile: z.string().nullable(),
})
export type TcpRun = z.infer<typeof TcpRun>

/** One step of UDP at a rate of its own. */
export const UdpStep = z.strictObject({
  direction: z.enum(['upload', 'download']),
  /** Payload that was to be sent, all flows together. Where little was lost and less arrived, the sender was held back. */
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
