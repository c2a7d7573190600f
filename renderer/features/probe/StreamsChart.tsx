import { useRef } from 'react'
import { renderRate, renderRateTick } from '../../ui/format.ts'
import { PlotFrame } from '../../ui/PlotFrame.tsx'
import { useWidth } from '../../ui/use-size.ts'
import type { CurveScale, CurveSeries } from './curve-chart.ts'
import css from './Streams.module.css'

const HEIGHT = 250
const PLOT = { left: 72, right: 16, top: 14, bottom: 26 } as const

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
  return (
    <div ref={box} className={css.chart} role="img" aria-label={`Goodput over streams. ${describe(series)}.`}>
      {width > 0 && (
        <PlotFrame
          width={width}
          height={HEIGHT}
          room={PLOT}
          across={{
            domain: [0, scale.streams],
            ticks: scale.streamTicks,
            label: (streams) => `${streams}${streams === 1 ? ' stream' : ''}`,
          }}
          up={{ domain: [0, scale.top], ticks: scale.rateTicks, label: renderRateTick }}
        >
          <CurveLayer series={series} scale={scale} width={width} />
        </PlotFrame>
      )}
    </div>
  )
}
