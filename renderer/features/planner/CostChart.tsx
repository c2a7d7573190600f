import { useRef } from 'react'
import type { Choice } from '../../../domain/planner/choice.ts'
import { renderBitRate, renderUsd } from '../../../domain/planner/figures.ts'
import { PlotFrame } from '../../ui/PlotFrame.tsx'
import { useWidth } from '../../ui/use-size.ts'
import css from './CostChart.module.css'
import type { Chart, Mark } from './chart-points.ts'
import { logScale, type Scale, shareOf } from './cost-chart-scale.ts'

const HEIGHT = 230
const PLOT = { left: 58, right: 20, top: 12, bottom: 26 } as const

const TIMES = [
  [365 * 86_400, 'y'],
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
] as const

const timeLabel = (seconds: number): string => {
  const [size, unit] = TIMES.find(([each]) => seconds >= each) ?? [1, 's']
  return `${Math.round(seconds / size)} ${unit}`
}

const usdLabel = (usd: number): string => (usd >= 1 ? `$${usd}` : renderUsd(usd).replace(/0+$/, ''))
const rateLabel = (rate: number): string => renderBitRate(rate).replace(/\.?0+ /, ' ')

type LayerProps = {
  readonly chart: Chart
  readonly x: Scale
  readonly y: Scale
  readonly width: number
  readonly recommended: Choice | null
  readonly chosen: Choice | null
  readonly hovered: Choice | null
  readonly onHover: (choice: Choice | null) => void
  readonly onChoose: (choice: Choice) => void
}

/** Where it is in time and within the budget. */
const Goal = ({
  chart,
  left,
  top,
  width,
  height,
}: {
  chart: Chart
  left: number
  top: number
  width: number
  height: number
}) => {
  const { limitX, limitY, kind } = chart
  if (limitX === null && limitY === null) return null
  const [from, to] = kind === 'time' ? [0, left] : [left, width]
  return (
    <g>
      <rect x={from} y={top} width={Math.max(0, to - from)} height={Math.max(0, height - top)} className={css.goal} />
      {limitX !== null && <path d={`M${left} 0V${height}`} className={css.limit} />}
      {limitY !== null && <path d={`M0 ${top}H${width}`} className={css.limit} />}
    </g>
  )
}

/** Graviton round, x86 square: told apart without colour. */
const Dot = ({ mark, x, y, size }: { mark: Mark; x: number; y: number; size: number }) =>
  mark.choice.type.architecture === 'arm64' ? (
    <circle cx={x} cy={y} r={size} className={css.dot} />
  ) : (
    <rect x={x - size + 0.5} y={y - size + 0.5} width={2 * size - 1} height={2 * size - 1} className={css.dot} />
  )

const MarksLayer = ({ chart, x, y, width, recommended, chosen, hovered, onHover, onChoose }: LayerProps) => {
  const plot = { width: width - PLOT.left - PLOT.right, height: HEIGHT - PLOT.top - PLOT.bottom }
  const atX = (value: number): number => plot.width * shareOf(value, x)
  const atY = (value: number): number => plot.height * (1 - shareOf(value, y))
  const named = new Set([hovered ?? chosen, recommended])
  // What is looked at is drawn last, on top of the others.
  const marks = chart.marks.toSorted((a, b) => Number(named.has(a.choice)) - Number(named.has(b.choice)))
  return (
    <g transform={`translate(${PLOT.left} ${PLOT.top})`}>
      <Goal
        chart={chart}
        left={chart.limitX === null ? (chart.kind === 'time' ? plot.width : 0) : atX(chart.limitX)}
        top={chart.limitY === null ? 0 : atY(chart.limitY)}
        {...plot}
      />
      {marks.map((mark) => {
        const { choice, sure, best, level } = mark
        const [left, top] = [atX(sure.x), atY(sure.y)]
        const isNamed = named.has(choice)
        const isRight = left > plot.width - 110
        return (
          <g
            key={choice.type.name}
            className={css.mark}
            data-level={level}
            data-chosen={choice === chosen}
            onPointerEnter={() => onHover(choice)}
            onPointerLeave={() => onHover(null)}
            onPointerDown={() => onChoose(choice)}
          >
            <path d={`M${atX(best.x)} ${atY(best.y)}L${left} ${top}`} className={css.band} />
            {choice === chosen && <circle cx={left} cy={top} r={9.5} className={css.ring} />}
            <Dot mark={mark} x={left} y={top} size={5} />
            <circle cx={left} cy={top} r={12} fill="transparent" />
            {isNamed && (
              <text
                x={left + (isRight ? -14 : 14)}
                y={top + 4}
                textAnchor={isRight ? 'end' : 'start'}
                className={css.name}
              >
                {choice.instances} × {choice.type.name}
              </text>
            )}
          </g>
        )
      })}
    </g>
  )
}

type Props = Omit<LayerProps, 'x' | 'y' | 'width'>

/** The choices against each other. The table says the same in numbers; this is for the eye, and for the mouse. */
export const CostChart = (props: Props) => {
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const { chart } = props
  const limits = (limit: number | null): number[] => (limit === null ? [] : [limit])
  const x = logScale(
    [...chart.marks.flatMap(({ sure, best }) => [sure.x, best.x]), ...limits(chart.limitX)],
    chart.kind === 'time' ? 'time' : 'number',
  )
  const y = logScale([...chart.marks.flatMap(({ sure, best }) => [sure.y, best.y]), ...limits(chart.limitY)], 'number')
  return (
    <div ref={box} className={css.box} aria-hidden="true">
      {width > 0 && (
        <PlotFrame
          width={width}
          height={HEIGHT}
          room={PLOT}
          across={{
            domain: [Math.log10(x.from), Math.log10(x.to)],
            ticks: x.ticks.map(Math.log10),
            label: (power) => (chart.kind === 'time' ? timeLabel : rateLabel)(Math.round(10 ** power)),
          }}
          up={{
            domain: [Math.log10(y.from), Math.log10(y.to)],
            ticks: y.ticks.map(Math.log10),
            label: (power) => usdLabel(Number((10 ** power).toPrecision(2))),
          }}
          isGridUpright
        >
          <MarksLayer {...props} x={x} y={y} width={width} />
        </PlotFrame>
      )}
    </div>
  )
}
