import type { Analysis, Bottleneck, ScalingCurve } from './analysis.ts'
import type { BandwidthResult } from './bandwidth.ts'
import { cautionsOf } from './cautions.ts'
import { GROWTH, growthSentence, percent, queueOf } from './evidence.ts'
import type { Figure, Source } from './figure.ts'
import { fitCurve } from './fit-curve.ts'
import type { InterfaceFacts } from './interface.ts'
import { RULES } from './limits.ts'
import type { LatencyResult, MtuResult } from './path.ts'
import { type Direction, type SeenRun, type Side, sideOf } from './side.ts'

/** What the parts of a probe found; `null` where a part has no result. */
export type Found = {
  readonly interface: InterfaceFacts | null
  readonly mtu: MtuResult | null
  readonly latency: LatencyResult | null
  readonly bandwidth: BandwidthResult | null
  /** Of the analysis. */
  readonly atMs: number
}

/** An Ethernet's, where nobody measured. */
const USUAL_MTU_BYTES = 1500
const DIRECTIONS: readonly Direction[] = ['upload', 'download']

const source = (kind: Source['kind'], how: string, atMs: number, version: string | null = null): Source => ({
  kind,
  how,
  tool: 'mole',
  version,
  atMs,
})

const unknown = (direction: Direction, sentence: string, evidence: readonly (string | null)[]): Bottleneck => ({
  name: 'unknown',
  sentence,
  evidence: evidence.filter((each) => each !== null),
  confidence: 'low',
  direction,
})

const firstOf = (side: Side, run: SeenRun, alone: boolean): Bottleneck | null => {
  for (const rule of RULES) {
    const limit = rule(side, run, alone)
    if (limit !== null) return limit
  }
  return null
}

/** What limits one stream where more carry more, and what limits the best of all. */
const limitsOf = (side: Side): Bottleneck[] => {
  const grows = side.growth !== null && side.growth >= GROWTH
  const single = grows ? firstOf(side, side.one, true) : null
  const whole = firstOf(side, grows ? side.most : side.best, false)
  const busiest = side.bandwidth.busiestCoreRatio
  const nothing = unknown(side.direction, 'What limits does not show in what was measured.', [
    growthSentence(side),
    queueOf(side, side.best)?.sentence ?? null,
    busiest === null ? null : `the busiest core of this host was ${percent(busiest)} busy`,
  ])
  const all = [single, whole].filter((limit) => limit !== null)
  const distinct = all.filter((limit, at) => all.findIndex(({ name }) => name === limit.name) === at)
  return distinct.length === 0 ? [nothing] : distinct
}

const SURENESS = ['high', 'medium', 'low'] as const
const bySureness = (a: Bottleneck, b: Bottleneck): number =>
  SURENESS.indexOf(a.confidence) - SURENESS.indexOf(b.confidence)

const curveOf = (side: Side, atMs: number): ScalingCurve | null => {
  const points = side.runs.map(({ streams, steady }) => ({ streams, bitsPerSecond: steady }))
  const fit = fitCurve(points)
  if (fit === null) return null
  const most = side.most.streams
  const model = fit.shape === 'bends' ? 'plateau · n / (n + half)' : 'min(n · each, plateau)'
  const how = `fitted by least squares to ${points.length} numbers of streams: ${model}`
  // What lies beyond what was tried nobody has seen.
  const from = source('estimated', fit.isBeyond ? `${how}; at least, as it still grew at ${most} streams` : how, atMs)
  return {
    direction: side.direction,
    points,
    plateauBitsPerSecond: { value: fit.isBeyond ? fit.at(most) : fit.plateau, from },
    enoughStreams: { value: Math.min(fit.enoughStreams, most), from },
  }
}

type Rate = { readonly value: number; readonly how: string }

/** Lower bounds of what the path takes, where something shows that it was full. */
const fullRates = (side: Side, limits: readonly Bottleneck[]): Rate[] => {
  const isFull = limits.some(({ name, direction }) => name === 'path-capacity' && direction === side.direction)
  const { udp, best } = side
  const tcp = { value: best.onWire, how: `${best.streams} TCP streams, ${side.direction}, in IP packets` }
  const many = udp?.cap === 'shared' ? udp.manyFlows : (udp?.filled ?? null)
  return [
    ...(isFull ? [tcp] : []),
    ...(udp?.cap === 'shared' && udp.flowCap !== null
      ? [{ value: udp.flowCap, how: 'UDP at more than the path takes, in IP packets' }]
      : []),
    ...(many !== null
      ? [{ value: many.arrived, how: `${many.flows} UDP flows at more than the path takes, in IP packets` }]
      : []),
  ]
}

const greatest = (rates: readonly Rate[], atMs: number, version: string): Figure<number> | null => {
  const [first, ...others] = rates
  if (first === undefined) return null
  const most = others.reduce((high, each) => (each.value > high.value ? each : high), first)
  return { value: most.value, from: { kind: 'measured', how: most.how, tool: 'iperf3', version, atMs } }
}

const flowRateOf = (sides: readonly Side[], atMs: number): Figure<number> | null => {
  const side = sides.find(({ udp }) => udp?.cap === 'per-flow')
  const cap = side?.udp?.flowCap ?? null
  if (side === undefined || cap === null) return null
  const how = 'one UDP flow at more than it may carry, in IP packets'
  return { value: cap, from: { kind: 'measured', how, tool: 'iperf3', version: side.bandwidth.iperf3Version, atMs } }
}

const lossOf = (sides: readonly Side[], atMs: number): Figure<number> | null => {
  const version = sides[0]?.bandwidth.iperf3Version ?? null
  const udp = sides.find((side) => side.udp !== null)?.udp ?? null
  if (udp?.baseLossRatio != null)
    return {
      value: udp.baseLossRatio,
      from: { kind: 'measured', how: 'UDP at the lowest rate', tool: 'iperf3', version, atMs },
    }
  // What a cap drops is no loss of the path.
  const resent = udp?.cap === 'per-flow' ? null : (sides.find(({ one }) => one.resent !== null)?.one.resent ?? null)
  if (resent === null) return null
  const how = 'what TCP sent again, which is no less than what was lost'
  return { value: resent, from: { kind: 'estimated', how, tool: 'iperf3', version, atMs } }
}

/** What binds, how goodput goes with streams, and what the path and one flow carry. Pure. */
export const analyse = (found: Found): Analysis => {
  const { bandwidth, mtu, atMs } = found
  const packetBytes = mtu?.mtuBytes.value ?? found.interface?.mtuBytes.value ?? USUAL_MTU_BYTES
  const sides =
    bandwidth === null
      ? []
      : DIRECTIONS.flatMap((direction) => sideOf(direction, bandwidth, found.interface, packetBytes) ?? [])
  const limits = sides.flatMap(limitsOf).sort(bySureness)
  const version = bandwidth?.iperf3Version ?? ''
  return {
    bottlenecks: limits.length === 0 ? [unknown('upload', 'No bandwidth was measured.', [])] : limits,
    curves: sides.flatMap((side) => curveOf(side, atMs) ?? []),
    pathBitsPerSecond: greatest(
      sides.flatMap((side) => fullRates(side, limits)),
      atMs,
      version,
    ),
    flowBitsPerSecond: flowRateOf(sides, atMs),
    lossRatio: lossOf(sides, atMs),
    cautions: cautionsOf(found, sides),
  }
}
