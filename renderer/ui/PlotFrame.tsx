import type { ReactNode } from 'react'
import { CartesianGrid, LineChart, XAxis, YAxis } from 'recharts'

const AXIS = {
  type: 'number',
  tick: { fontSize: 11, fill: 'var(--ink-faint)' },
  tickLine: false,
  allowDataOverflow: true,
} as const
const NOTHING: never[] = []

type Axis = {
  readonly domain: readonly [number, number]
  readonly ticks: readonly number[]
  readonly label: (value: number) => string
}

type Props = {
  readonly width: number
  readonly height: number
  /** Room around the plot; that of the labels is left and below. */
  readonly room: Readonly<Record<'left' | 'right' | 'top' | 'bottom', number>>
  readonly across: Axis
  readonly up: Axis
  /** Labels below that would touch each other are left out. */
  readonly isSparse?: boolean
  readonly isGridUpright?: boolean
  /** What is drawn in it: a layer of our own. */
  readonly children: ReactNode
}

/** Axes and grid by recharts, for layers that draw themselves: they paint often, and this does not. */
export const PlotFrame = ({
  width,
  height,
  room,
  across,
  up,
  children,
  isSparse = false,
  isGridUpright = false,
}: Props) => (
  <LineChart
    width={width}
    height={height}
    data={NOTHING}
    margin={{ left: 0, right: room.right, top: room.top, bottom: 0 }}
    accessibilityLayer={false}
    aria-hidden="true"
  >
    <CartesianGrid stroke="var(--line)" strokeDasharray="2 4" vertical={isGridUpright} />
    <XAxis
      {...AXIS}
      dataKey="across"
      domain={[...across.domain]}
      ticks={[...across.ticks]}
      tickFormatter={across.label}
      axisLine={{ stroke: 'var(--line-strong)' }}
      height={room.bottom}
      interval={isSparse ? 'preserveStartEnd' : 0}
    />
    <YAxis
      {...AXIS}
      domain={[...up.domain]}
      ticks={[...up.ticks]}
      tickFormatter={up.label}
      axisLine={false}
      width={room.left}
      interval={0}
    />
    {children}
  </LineChart>
)
