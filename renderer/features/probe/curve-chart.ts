import type { ScalingCurve } from '../../../domain/probe/analysis.ts'
import type { BandwidthResult, TcpRun } from '../../../domain/probe/bandwidth.ts'
import { fitCurve } from '../../../domain/probe/fit-curve.ts'
import { axisTicks, readableCeiling } from '../../../domain/series.ts'

export type Direction = TcpRun['direction']
type Point = ScalingCurve['points'][number]

/** Goodput over streams of one direction, as a chart needs it. */
export type CurveSeries = {
  readonly direction: Direction
  readonly points: readonly Point[]
  /** The fitted curve, sampled; empty where there are too few points for one. */
  readonly line: readonly Point[]
  readonly enoughStreams: number | null
  readonly plateauBitsPerSecond: number | null
}

export type CurveScale = {
  readonly streams: number
  readonly streamTicks: readonly number[]
  readonly top: number
  readonly rateTicks: readonly number[]
}

const SAMPLES = 60
/** Two points any curve goes through: that is no fit. */
const FEWEST = 3

const pointsOf = (result: BandwidthResult, direction: Direction): Point[] =>
  result.runs
    .filter((run) => run.direction === direction)
    .map(({ streams, goodputBitsPerSecond }) => ({ streams, bitsPerSecond: goodputBitsPerSecond.value }))
    .toSorted((a, b) => a.streams - b.streams)

const sampled = (points: readonly Point[], most: number): Point[] => {
  const curve = points.length < FEWEST ? null : fitCurve(points)
  if (curve === null) return []
  return Array.from({ length: SAMPLES + 1 }, (_, index) => {
    const streams = (most * index) / SAMPLES
    return { streams, bitsPerSecond: streams === 0 ? 0 : curve.at(streams) }
  })
}

/** Streams the axis goes up to: a little more than were tried. */
const mostStreams = (result: BandwidthResult): number =>
  Math.ceil(Math.max(1, ...result.runs.map(({ streams }) => streams)) * 1.12)

/** What was measured in each direction, with the curve through it. Pure. */
export const seriesOf = (result: BandwidthResult, curves: readonly ScalingCurve[]): CurveSeries[] =>
  (['upload', 'download'] as const).flatMap((direction) => {
    const points = pointsOf(result, direction)
    const curve = curves.find((each) => each.direction === direction)
    if (points.length === 0) return []
    return [
      {
        direction,
        points,
        line: sampled(points, mostStreams(result)),
        enoughStreams: curve?.enoughStreams.value ?? null,
        plateauBitsPerSecond: curve?.plateauBitsPerSecond.value ?? null,
      },
    ]
  })

/** Axes that hold all of it. Pure. */
export const scaleOf = (result: BandwidthResult, series: readonly CurveSeries[]): CurveScale => {
  const rates = series.flatMap(({ points, line }) => [...points, ...line].map(({ bitsPerSecond }) => bitsPerSecond))
  const top = readableCeiling(Math.max(0, ...rates) * 1.06)
  return {
    streams: mostStreams(result),
    streamTicks: [...new Set(result.runs.map(({ streams }) => streams))].toSorted((a, b) => a - b),
    top,
    rateTicks: axisTicks(top),
  }
}
