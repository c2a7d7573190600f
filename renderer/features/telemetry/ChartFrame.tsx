import { memo, useState } from 'react'
import { axisTicks } from '../../../domain/series.ts'
import { renderRateTick } from '../../ui/format.ts'
import { PlotFrame } from '../../ui/PlotFrame.tsx'
import { CHART_HEIGHT, LOWEST_TOP, PLOT } from './chart-geometry.ts'
import type { Direction } from './direction.ts'
import { StackLayer } from './StackLayer.tsx'

const timeLabel = (seconds: number): string => {
  if (seconds === 0) return 'now'
  return -seconds % 60 === 0 ? `−${-seconds / 60} min` : `−${-seconds} s`
}

const timeTicks = (windowSeconds: number): number[] => {
  const parts = windowSeconds === 60 ? 6 : 5
  return Array.from({ length: parts + 1 }, (_, index) => (-windowSeconds * (parts - index)) / parts)
}

type Props = { readonly width: number; readonly windowSeconds: number; readonly direction: Direction }

/**
 * Axes and grid, and in them the bands. The time axis counts back from now, so it never moves, and
 * the value axis changes only when the peak leaves it: once a second nothing of this renders again.
 */
export const ChartFrame = memo(({ width, windowSeconds, direction }: Props) => {
  const [top, setTop] = useState(LOWEST_TOP)
  const plot = { width: width - PLOT.left - PLOT.right, height: CHART_HEIGHT - PLOT.top - PLOT.bottom }
  return (
    <PlotFrame
      width={width}
      height={CHART_HEIGHT}
      room={PLOT}
      across={{ domain: [-windowSeconds, 0], ticks: timeTicks(windowSeconds), label: timeLabel }}
      up={{ domain: [0, top], ticks: axisTicks(top), label: renderRateTick }}
      isSparse
    >
      <StackLayer plot={plot} windowSeconds={windowSeconds} direction={direction} top={top} onTop={setTop} />
    </PlotFrame>
  )
})
ChartFrame.displayName = 'ChartFrame'
