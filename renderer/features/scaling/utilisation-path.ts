import type { TelemetrySample } from '../../../contract/app.ts'
import { visibleIndices } from '../../../domain/series.ts'
import { runsWithin } from '../telemetry/sample-runs.ts'

/** Above this the line runs along the upper edge. */
const TOP_UTILISATION = 1.1

/** What of their capacity the tunnels of a sample carry, in the busier direction; 0 without tunnels. */
export const utilisationOf = ({ tunnels }: TelemetrySample, capacityPerTunnel: number): number => {
  const sum = (read: (tunnel: TelemetrySample['tunnels'][number]) => number): number =>
    tunnels.reduce((total, tunnel) => total + read(tunnel), 0)
  const busier = Math.max(
    sum(({ upBitsPerSecond }) => upBitsPerSecond),
    sum(({ downBitsPerSecond }) => downBitsPerSecond),
  )
  return tunnels.length === 0 ? 0 : busier / (tunnels.length * capacityPerTunnel)
}

type Frame = {
  readonly nowMs: number
  readonly windowMs: number
  readonly width: number
  readonly height: number
}

/** Height of a share above the lower edge, as `y`. */
export const utilisationY = (share: number, height: number): number =>
  height * (1 - Math.min(share, TOP_UTILISATION) / TOP_UTILISATION)

/** The line of utilisation over a window of time, and the area below it, as SVG path data. Pure. */
export const utilisationPath = (
  samples: readonly TelemetrySample[],
  capacityPerTunnel: number,
  frame: Frame,
): { readonly line: string; readonly area: string } => {
  const runs = runsWithin(samples, frame).map((run) => {
    const values = run.map((sample) => utilisationOf(sample, capacityPerTunnel))
    return visibleIndices(values, frame.width).map((index) => {
      const ageMs = frame.nowMs - (run[index] as TelemetrySample).atMs
      const x = frame.width * (1 - ageMs / frame.windowMs)
      return { x: x.toFixed(1), y: utilisationY(values[index] as number, frame.height).toFixed(1) }
    })
  })
  const line = runs.map((points) => `M${points.map(({ x, y }) => `${x} ${y}`).join('L')}`)
  const area = runs.map(
    (points, at) => `${line[at]}L${points.at(-1)?.x} ${frame.height}L${points[0]?.x} ${frame.height}Z`,
  )
  return { line: line.join(''), area: area.join('') }
}
