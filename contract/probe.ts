import { z } from 'zod'
import { BandwidthResult, RunSecond } from '../domain/probe/bandwidth.ts'
import { InterfaceFacts } from '../domain/probe/interface.ts'
import { MtuResult, RegionLatency, RoundTrips, Rung } from '../domain/probe/path.ts'
import { PartProblem } from '../domain/probe/report.ts'
import { HostName } from '../domain/probe/request.ts'

/*
 * What the engine asks of the program that measures (`helper/probe/main.ts`), one JSON object on its stdin, and what that says,
 * one JSON object a line on its stdout. It ends when its stdin does, and all that it started with it.
 */

const Port = z.int().min(1).max(65_535)

export const MeasureRequest = z.discriminatedUnion('do', [
  /** Facts of the interface that leads to `towards`; `null`: the one of the default route. */
  z.strictObject({ do: z.literal('interface'), towards: HostName.nullable() }),
  /** Path MTU and round trips. */
  z.strictObject({
    do: z.literal('path'),
    host: HostName,
    echoPort: Port,
    rungs: z.array(z.int().min(576).max(9216)).min(1).max(16),
    /** Knocked at for the round trip where neither UDP nor ICMP is answered; `null`: it is not. */
    tcpPort: Port.nullable(),
    /** Round trips to take. */
    echoes: z.int().min(3).max(100),
  }),
  z.strictObject({
    do: z.literal('regions'),
    endpoints: z.array(z.strictObject({ region: z.string(), host: HostName, port: Port })).max(64),
    samples: z.int().min(1).max(20),
  }),
  z.strictObject({
    do: z.literal('bandwidth'),
    host: HostName,
    iperf3Port: Port,
    streams: z.array(z.int().min(1).max(128)).min(1).max(8),
    directions: z
      .array(z.enum(['upload', 'download']))
      .min(1)
      .max(2),
    seconds: z.int().min(1).max(3600),
    udp: z.boolean(),
    /** Largest UDP payload that is not fragmented. */
    udpPayloadBytes: z.int().min(256).max(65_000),
    /**
     * Largest TCP segment, where larger packets vanish without a word: TCP would send them again for ever. `null`: as TCP finds.
     */
    maximumSegmentBytes: z.int().min(88).max(9216).nullable(),
    sourceFile: z.string().max(4096).nullable(),
  }),
])
export type MeasureRequest = z.infer<typeof MeasureRequest>

export const MeasureEvent = z.discriminatedUnion('kind', [
  /** What is being done, and how much of it is. */
  z.strictObject({ kind: z.literal('doing'), text: z.string(), progressRatio: z.number().min(0).max(1) }),
  z.strictObject({ kind: z.literal('interface'), facts: InterfaceFacts }),
  z.strictObject({ kind: z.literal('rung'), rung: Rung }),
  z.strictObject({ kind: z.literal('trips'), trips: RoundTrips }),
  z.strictObject({ kind: z.literal('mtu'), result: MtuResult }),
  z.strictObject({ kind: z.literal('region'), region: RegionLatency }),
  z.strictObject({ kind: z.literal('second'), run: z.int(), second: RunSecond }),
  /** After each run what there is so far. */
  z.strictObject({ kind: z.literal('bandwidth'), result: BandwidthResult }),
  /** A piece that could not be measured; others go on. */
  z.strictObject({ kind: z.literal('problem'), of: z.string(), problem: PartProblem }),
])
export type MeasureEvent = z.infer<typeof MeasureEvent>

/** What the answerer (`helper/probe/main.ts answer`) says, one JSON object a line: first what it cannot serve, then that it serves. */
export const AnswerEvent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answering'), echoPort: Port.nullable(), iperf3Port: Port.nullable() }),
  z.strictObject({ kind: z.literal('problem'), of: z.enum(['echo', 'iperf3']), problem: PartProblem }),
])
export type AnswerEvent = z.infer<typeof AnswerEvent>
