import { z } from 'zod'
import { Analysis, Recommendation } from './analysis.ts'
import { BandwidthResult } from './bandwidth.ts'
import { FirewallRule } from './firewall.ts'
import { InterfaceFacts } from './interface.ts'
import { LatencyResult, MtuResult } from './path.ts'
import { ProbeRequest } from './request.ts'

/** Why a part has no result: what happened, what it means, what to do. */
export const PartProblem = z.strictObject({
  message: z.string(),
  meaning: z.string().nullable(),
  nextStep: z.string().nullable(),
})
export type PartProblem = z.infer<typeof PartProblem>

const part = <Result extends z.ZodType>(result: Result) =>
  z.strictObject({
    state: z.enum(['waiting', 'running', 'done', 'failed', 'left-out', 'cancelled']),
    startedAtMs: z.number().nullable(),
    endedAtMs: z.number().nullable(),
    /** What is being done now, for people; empty when nothing is. */
    doing: z.string(),
    /** Share of the part that is done, 0–1. */
    progressRatio: z.number().min(0).max(1),
    problem: PartProblem.nullable(),
    /** Also of a part that failed midway: what it had found. */
    result: result.nullable(),
  })

/** A probe, while it runs and ever after. */
export const ProbeReport = z.strictObject({
  version: z.literal(1),
  id: z.string().regex(/^probe-[0-9]{8}-[0-9]{6}-[0-9a-f]{6}$/, { error: 'must be the id of a probe' }),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  startedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
  /** Of Cloud Mole. */
  moleVersion: z.string(),
  hostName: z.string(),
  request: ProbeRequest,
  /** What was measured towards, for people: "the lab's probe site, 203.0.113.250". */
  targetName: z.string(),
  interface: part(InterfaceFacts),
  mtu: part(MtuResult),
  latency: part(LatencyResult),
  bandwidth: part(BandwidthResult),
  analysis: Analysis.nullable(),
  recommendation: Recommendation.nullable(),
  /** What a firewall on the way has to let through, both ways. */
  firewall: z.array(FirewallRule),
  /** Why the whole of it ended early. */
  problem: PartProblem.nullable(),
})
export type ProbeReport = z.infer<typeof ProbeReport>

/** A line of the history. */
export const ProbeSummary = z.strictObject({
  id: ProbeReport.shape.id,
  state: ProbeReport.shape.state,
  startedAtMs: z.number(),
  targetName: z.string(),
  mtuBytes: z.int().nullable(),
  rttMs: z.number().nullable(),
  goodputBitsPerSecond: z.number().nullable(),
  bottleneck: z.string().nullable(),
})
export type ProbeSummary = z.infer<typeof ProbeSummary>
