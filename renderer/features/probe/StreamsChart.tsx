import { useRef } from 'react'
import { CartesianGrid, LineChart, XAxis, YAxis } from 'recharts'
import { quantifyRate, renderRate } from '../../ui/format.ts'
import { useWidth } from '../../ui/use-size.ts'
import type { CurveScale, CurveSeries } from './curve-chart.ts'
import css from './Streams.module.css'

const HEIGHT = 250
const PLOT = { left: 72, right: 16, top: 14, bottom: 26 } as const
const LABEL = { fontSize: 11, fill: 'var(--ink-faint)' } as const
const NOTHING: never[] = []

const rateLabel = (rate: number): string => {
  if (rate === 0) return '0'
  const { value, unit } = quantifyRate(rate)
  return `${Number(value)} ${unit.replace('bit/s', 'b/s')}`
}

type LayerProps = { readonly series: readonly CurveSeries[]; readonly scale: CurveScale; readonly width: number }

/** Uploads round, downloads square: told apart without colour. */
const Mark = ({ direction, x, y }: { direction: CurveSeries['direction']; x: number; y: number }) =>
  direction === 'upload' ? (
    <circle cx={x} cy={y} r={5} className={css.mark} />
  ) : (
    <rect x={x - 4.5} y={y - 4.5} width={9} height={9} className={css.mark} />
  )

const CurveLayer = ({ series, scale, width }: LayerProps) => {
  const plot = { width: width - PLOT.left - PLOT.right, height: HEIGHT - PLOT.top - PLOT.bottom }
  const atX = (streams: number): number => (plot.width * streams) / scale.streams
  const atY = (rate: number): number => plot.height * (1 - rate / scale.top)
  const enough = series.find(({ enoughStreams }) => enoughStreams !== null && enoughStreams <= scale.streams)
  return (
    <g transform={`translate(${PLOT.left} ${PLOT.top})`}>
      {enough?.enoughStreams != null && (
        <g className={css.enough} data-direction={enough.direction}>
          <rect x={atX(enough.enoughStreams)} width={plot.width - atX(enough.enoughStreams)} height={plot.height} />
          <path d={`M${atX(enough.enoughStreams)} 0V${plot.height}`} />
          <text
            x={atX(enough.enoughStreams) + (enough.enoughStreams > scale.streams * 0.6 ? -8 : 8)}
            y={plot.height - 10}
            textAnchor={enough.enoughStreams > scale.streams * 0.6 ? 'end' : 'start'}
          >
            beyond {enough.enoughStreams}: under a twentieth more
          </text>
        </g>
      )}
      {series.map(({ direction, line }) => (
        <path
          key={direction}
          d={
            line.length === 0
              ? ''
              : `M${line.map((point) => `${atX(point.streams)} ${atY(point.bitsPerSecond)}`).join('L')}`
          }
          className={css.line}
          data-direction={direction}
        />
      ))}
      {series.map(({ direction, points }) => (
        <g key={direction} className={css.points} data-direction={direction}>
          {points.map(({ streams, bitsPerSecond }) => (
            <Mark key={streams} direction={direction} x={atX(streams)} y={atY(bitsPerSecond)} />
          ))}
        </g>
      ))}
    </g>
  )
}

const describe = (series: readonly CurveSeries[]): string =>
  series
    .map(
      ({ direction, points }) =>
        `${direction}: ${points.map(({ streams, bitsPerSecond }) => `${streams} carry ${renderRate(bitsPerSecond)}`).join(', ')}`,
    )
    .join('; ')

/** Goodput over the number of streams, with the curve through it and where more add little. */
export const StreamsChart = ({ series, scale }: Omit<LayerProps, 'width'>) => {
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const axis = { type: 'number', tick: LABEL, tickLine: false, interval: 0, allowDataOverflow: true } as const
  return (
    <div ref={box} className={css.chart} role="img" aria-label={`Goodput over streams. ${describe(series)}.`}>
      {width > 0 && (
        <LineChart
          width={width}
          height={HEIGHT}
          data={NOTHING}
          margin={{ left: 0, right: PLOT.right, top: PLOT.top, bottom: 0 }}
          accessibilityLayer={false}
          aria-hidden="true"
        >
          <CartesianGrid stroke="var(--line)" strokeDasharray="2 4" vertical={false} />
          <XAxis
            {...axis}
            dataKey="streams"
            domain={[0, scale.streams]}
            ticks={[...scale.streamTicks]}
            tickFormatter={(streams: number) => `${streams}${streams === 1 ? ' stream' : ''}`}
            axisLine={{ stroke: 'var(--line-strong)' }}
            height={PLOT.bottom}
          />
          <YAxis
            {...axis}
            domain={[0, scale.top]}
            ticks={[...scale.rateTicks]}
            tickFormatter={rateLabel}
            axisLine={false}
            width={PLOT.left}
          />
          <CurveLayer series={series} scale={scale} width={width} />
        </LineChart>
      )}
    </div>
  )
}
