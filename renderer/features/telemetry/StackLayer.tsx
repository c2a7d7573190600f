import { memo, useEffect, useId, useMemo, useRef } from 'react'
import { steadyCeiling } from '../../../domain/series.ts'
import { whileVisible } from '../../ui/while-visible.ts'
import { LOWEST_TOP, PLOT } from './chart-geometry.ts'
import { type Direction, goodputOf } from './direction.ts'
import { seriesOf } from './series.ts'
import { renderStack } from './stack-paths.ts'
import { useTelemetry } from './telemetry-store.ts'

type Props = {
  readonly plot: { readonly width: number; readonly height: number }
  readonly windowSeconds: number
  readonly direction: Direction
  readonly top: number
  /** Asked for when the peak no longer suits the axis. */
  readonly onTop: (top: number) => void
}

/** The bands, painted by setting `d` whenever a sample arrives, and only while they can be seen. */
export const StackLayer = memo(({ plot, windowSeconds, direction, top, onTop }: Props) => {
  const layer = useRef<SVGGElement>(null)
  const clip = useId()
  const { width, height } = plot
  const slots = useTelemetry((state) => state.slots)
  const series = useMemo(() => seriesOf(slots), [slots])

  useEffect(() => {
    const group = layer.current
    if (group === null) return
    const areas = [...group.querySelectorAll<SVGPathElement>('[data-part="area"]')]
    const lines = [...group.querySelectorAll<SVGPathElement>('[data-part="line"]')]
    const paint = (): void => {
      const { samples, latest } = useTelemetry.getState()
      const frame = { nowMs: latest?.atMs ?? 0, windowMs: windowSeconds * 1000, top, width, height }
      const { bands, peak } = renderStack(samples, series, goodputOf(direction), frame)
      const wanted = steadyCeiling(top, peak, LOWEST_TOP)
      if (wanted !== top) {
        onTop(wanted)
        return
      }
      bands.forEach((band, index) => {
        areas[index]?.setAttribute('d', band.area)
        lines[index]?.setAttribute('d', band.line)
      })
    }
    return whileVisible(group, paint, (listener) => useTelemetry.subscribe(listener))
  }, [width, height, windowSeconds, direction, top, onTop, series])

  return (
    <g transform={`translate(${PLOT.left} ${PLOT.top})`}>
      <clipPath id={clip}>
        <rect width={width} height={height} />
      </clipPath>
      <g ref={layer} clipPath={`url(#${clip})`} data-testid="throughput-bands">
        {series.map(({ name, colour, slots: own }) => (
          <g key={name}>
            <path data-part="area" data-slot={own[0]} fill={colour} fillOpacity={0.32} />
            <path
              data-part="line"
              data-slot={own[0]}
              fill="none"
              stroke={colour}
              strokeWidth={1.5}
              strokeLinejoin="round"
            />
          </g>
        ))}
      </g>
    </g>
  )
})
StackLayer.displayName = 'StackLayer'
