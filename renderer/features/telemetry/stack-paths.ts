import type { TelemetrySample, TunnelSample } from '../../../contract/app.ts'
import { stacked, visibleIndices } from '../../../domain/series.ts'
import { runsWithin } from './sample-runs.ts'
import type { Series } from './series.ts'

export type StackFrame = {
  readonly nowMs: number
  readonly windowMs: number
  /** Value at the top edge. */
  readonly top: number
  readonly width: number
  readonly height: number
}

export type StackPaths = {
  /** Per series: the outline of its band and the line along its upper edge, as SVG path data; empty when it has none. */
  readonly bands: readonly { readonly area: string; readonly line: string }[]
  /** Largest total in the window: the axis must reach it. */
  readonly peak: number
}

const point = (x: number, y: number): string => `${x.toFixed(1)} ${y.toFixed(1)}`

type Read = (tunnel: TunnelSample) => number

/** The sum over the tunnels of a series; `NaN` where none of them was there. */
const valuesOf = (run: readonly TelemetrySample[], { slots }: Series, read: Read): number[] =>
  run.map(({ tunnels }) => {
    const own = tunnels.filter(({ slot }) => slots.includes(slot))
    return own.length === 0 ? Number.NaN : own.reduce((sum, tunnel) => sum + read(tunnel), 0)
  })

/** One unbroken run of samples as bands, each on top of the one before. */
const bandsOfRun = (run: readonly TelemetrySample[], shownSeries: readonly Series[], read: Read, frame: StackFrame) => {
  const series = shownSeries.map((each) => valuesOf(run, each, read))
  const sums = stacked(series)
  const totals = sums.at(-1) ?? []
  const shown = visibleIndices(totals, frame.width)
  const x = (index: number): number =>
    frame.width * (1 - (frame.nowMs - (run[index] as TelemetrySample).atMs) / frame.windowMs)
  const y = (value: number): number => frame.height * (1 - value / frame.top)
  const bands = sums.map((upper, band) => {
    if ((series[band] as number[]).every(Number.isNaN)) return { area: '', line: '' }
    const lower = sums[band - 1]
    const top = shown.map((index) => point(x(index), y(upper[index] as number)))
    const bottom = shown.map((index) => point(x(index), y(lower?.[index] ?? 0))).reverse()
    return { area: `M${[...top, ...bottom].join('L')}Z`, line: `M${top.join('L')}` }
  })
  return { bands, peak: Math.max(0, ...totals) }
}

/**
 * The stacked bands of every series over a window of time, as SVG path data. Pure, so that a chart can set `d`
 * attributes once a second without React or the chart library in between.
 */
export const renderStack = (
  samples: readonly TelemetrySample[],
  series: readonly Series[],
  read: Read,
  frame: StackFrame,
): StackPaths => {
  const runs = runsWithin(samples, frame).map((run) => bandsOfRun(run, series, read, frame))
  return {
    bands: series.map((_, band) => ({
      area: runs.map((run) => run.bands[band]?.area ?? '').join(''),
      line: runs.map((run) => run.bands[band]?.line ?? '').join(''),
    })),
    peak: Math.max(0, ...runs.map((run) => run.peak)),
  }
}
