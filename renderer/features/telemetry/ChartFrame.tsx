import { memo, useState } from 'react'
import { CartesianGrid, LineChart, XAxis, YAxis } from 'recharts'
import { axisTicks } from '../../../domain/series.ts'
import { quantifyRate } from '../../ui/format.ts'
import { CHART_HEIGHT, LOWEST_TOP, PLOT } from './chart-geometry.ts'
import type { Direction } from './direction.ts'
import { StackLayer } from './StackLayer.tsx'

const LABEL = { fontSize: 11, fill: 'var(--ink-faint)' } as const
const NOTHING: never[] = []

const timeLabel = (seconds: number): string => {
  if (seconds === 0) return 'now'
  return -seconds % 60 === 0 ? `−${-seconds / 60} min` : `−${-seconds} s`
}

const rateLabel = (rate: number): string => {
  if (rate === 0) return '0'
  const { value, unit } = quantifyRate(rate)
  return `${Number(value)} ${unit.replace('bit/s', 'b/s')}`
}

const timeTicks = (windowSeconds: number): number[] => {
  const parts = windowSeconds === 60 ? 6 : 5
  return Array.from({ length: parts + 1 }, (_, index) => (-windowSeconds * (parts - index)) / parts)
}

type Props = { readonly width: number; readonly windowSeconds: number; readonly direction: Direction }

/**
 * Axes and grid by recharts; the bands by our own layer. The time axis counts back from now, so it never moves, and
 * the value axis changes only when the peak leaves it: once a second nothing of this renders again.
 */
export const ChartFrame = memo(({ width, windowSeconds, direction }: Props) => {
  const [top, setTop] = useState(LOWEST_TOP)
  const plot = { width: width - PLOT.left - PLOT.right, height: CHART_HEIGHT - PLOT.top - PLOT.bottom }
  return (
    <LineChart
      width={width}
      height={CHART_HEIGHT}
      data={NOTHING}
      margin={{ left: 0, right: PLOT.right, top: PLOT.top, bottom: 0 }}
      accessibilityLayer={false}
      aria-hidden="true"
    >
      <CartesianGrid stroke="var(--line)" strokeDasharray="2 4" vertical={false} />
      <XAxis
        dataKey="seconds"
        type="number"
        domain={[-windowSeconds, 0]}
        ticks={timeTicks(windowSeconds)}
        tickFormatter={timeLabel}
        tick={LABEL}
        tickLine={false}
        axisLine={{ stroke: 'var(--line-strong)' }}
        height={PLOT.bottom}
        interval="preserveStartEnd"
        allowDataOverflow
      />
      <YAxis
        type="number"
        domain={[0, top]}
        ticks={axisTicks(top)}
        tickFormatter={rateLabel}
        tick={LABEL}
        tickLine={false}
        axisLine={false}
        width={PLOT.left}
        interval={0}
        allowDataOverflow
      />
      <StackLayer plot={plot} windowSeconds={windowSeconds} direction={direction} top={top} onTop={setTop} />
    </LineChart>
  )
})
ChartFrame.displayName = 'ChartFrame'
