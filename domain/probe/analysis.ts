import { z } from 'zod'
import { figure } from './figure.ts'

/** What may limit a transfer. */
export const BOTTLENECKS = [
  'application',
  'sender-cpu',
  'receiver-cpu',
  'interface',
  'send-buffer',
  'receiver-window',
  'loss',
  'flow-policing',
  'path-capacity',
  'far-end',
  'burst-credit',
  'unknown',
] as const
export const BottleneckName = z.enum(BOTTLENECKS)
export type BottleneckName = z.infer<typeof BottleneckName>

/** A limit, with the counter that proves it. */
export const Bottleneck = z.strictObject({
  name: BottleneckName,
  /** One sentence for people: what limits, at which rate. */
  sentence: z.string(),
  /** The counters it follows from: "rwnd_limited 96 % of busy (ss)". */
  evidence: z.array(z.string()),
  confidence: z.enum(['high', 'medium', 'low']),
  direction: z.enum(['upload', 'download']),
})
export type Bottleneck = z.infer<typeof Bottleneck>

/** Goodput over the number of streams, by a curve that was fitted by least squares (`fit-curve.ts`). */
export const ScalingCurve = z.strictObject({
  direction: z.enum(['upload', 'download']),
  points: z.array(z.strictObject({ streams: z.int(), bitsPerSecond: z.number() })),
  plateauBitsPerSecond: figure(z.number()),
  /** More streams than these add less than a twentieth; the most that were tried, where it still grew then. */
  enoughStreams: figure(z.int()),
})
export type ScalingCurve = z.infer<typeof ScalingCurve>

export const Analysis = z.strictObject({
  /** What binds now, the surest first; at least one, maybe `unknown`. */
  bottlenecks: z.array(Bottleneck).min(1),
  curves: z.array(ScalingCurve),
  /** Rate of the path on the wire, and of one policed flow; `null` where it could not be told. */
  pathBitsPerSecond: figure(z.number()).nullable(),
  flowBitsPerSecond: figure(z.number()).nullable(),
  lossRatio: figure(z.number()).nullable(),
  /** What makes a figure less sure: "iperf3 3.12 is one thread". */
  cautions: z.array(z.string()),
})
export type Analysis = z.infer<typeof Analysis>

/** One piece of advice with its reason in one sentence. */
const advice = <Value extends z.ZodType>(value: Value) =>
  z.strictObject({ value, reason: z.string(), key: z.string().nullable() }).nullable()

/** What to deploy. `key` is the configuration's key it belongs to; `null` where nothing is to be set. */
export const Recommendation = z.strictObject({
  innerMtuBytes: advice(z.int()),
  tunnels: advice(z.int()),
  streams: advice(z.int()),
  mptcp: advice(z.boolean()),
  congestionControl: advice(z.string()),
  bufferBytes: advice(z.int()),
  pinning: advice(z.boolean()),
  bastion: advice(z.strictObject({ instanceType: z.string(), bastions: z.int(), usdPerHour: z.number().nullable() })),
})
export type Recommendation = z.infer<typeof Recommendation>
