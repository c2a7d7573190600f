import { memo, useEffect, useRef } from 'react'
import { renderShare } from '../../ui/format.ts'
import { useWidth } from '../../ui/use-size.ts'
import { whileVisible } from '../../ui/while-visible.ts'
import { useTelemetry } from '../telemetry/telemetry-store.ts'
import css from './Utilisation.module.css'
import { utilisationPath, utilisationY } from './utilisation-path.ts'

const WINDOW_MS = 600_000
const HEIGHT = 190
const LEFT = 44
const BELOW = 20
const MINUTES = [10, 8, 6, 4, 2, 0] as const

type Props = {
  readonly capacityPerTunnel: number
  readonly upThreshold: number
  readonly downThreshold: number
}

type PlotProps = Props & { readonly width: number }

/** The line itself, painted by setting `d` whenever a sample arrives: nothing renders again for it. */
const Line = memo(({ capacityPerTunnel, width }: Pick<PlotProps, 'capacityPerTunnel' | 'width'>) => {
  const group = useRef<SVGGElement>(null)
  useEffect(() => {
    const [area, line] = group.current?.querySelectorAll('path') ?? []
    if (area === undefined || line === undefined) return
    const paint = (): void => {
      const { samples, latest } = useTelemetry.getState()
      const paths = utilisationPath(samples, capacityPerTunnel, {
        nowMs: latest?.atMs ?? 0,
        windowMs: WINDOW_MS,
        width,
        height: HEIGHT,
      })
      area.setAttribute('d', paths.area)
      line.setAttribute('d', paths.line)
    }
    return whileVisible(line, paint, (listener) => useTelemetry.subscribe(listener))
  }, [capacityPerTunnel, width])
  return (
    <g ref={group} data-testid="utilisation-line">
      <path className={css.area} />
      <path className={css.line} />
    </g>
  )
})
Line.displayName = 'Line'

const Threshold = ({
  share,
  text,
  width,
}: {
  readonly share: number
  readonly text: string
  readonly width: number
}) => {
  const y = utilisationY(share, HEIGHT)
  return (
    <g className={css.threshold}>
      <path d={`M0 ${y}H${width}`} />
      <text x={-8} y={y + 4} className={css.tick}>
        {renderShare(share)}
      </text>
      <text x={6} y={share > 0.5 ? y - 6 : y + 14} className={css.what}>
        {text}
      </text>
    </g>
  )
}

const Plot = ({ width, capacityPerTunnel, upThreshold, downThreshold }: PlotProps) => {
  const [upper, lower] = [utilisationY(upThreshold, HEIGHT), utilisationY(downThreshold, HEIGHT)]
  return (
    <g transform={`translate(${LEFT} 6)`}>
      <rect width={width} height={upper} className={css.zone} data-zone="up" />
      <rect y={lower} width={width} height={HEIGHT - lower} className={css.zone} data-zone="down" />
      <svg width={width} height={HEIGHT} overflow="hidden" aria-hidden="true">
        <Line width={width} capacityPerTunnel={capacityPerTunnel} />
      </svg>
      <Threshold share={upThreshold} text="above: a tunnel more" width={width} />
      <Threshold share={downThreshold} text="below, for long: a tunnel less" width={width} />
      <path d={`M0 ${HEIGHT}H${width}`} className={css.axis} />
      <text x={-8} y={HEIGHT + 1} className={css.tick}>
        0
      </text>
      {MINUTES.map((minutes) => (
        <text
          key={minutes}
          x={width * (1 - minutes / 10)}
          y={HEIGHT + 15}
          className={css.tick}
          data-anchor={minutes === 0 ? 'end' : 'middle'}
        >
          {minutes === 0 ? 'now' : `−${minutes} min`}
        </text>
      ))}
    </g>
  )
}

/** Utilisation over the last ten minutes, against the thresholds at which tunnels come and go. */
export const UtilisationChart = (props: Props) => {
  const box = useRef<HTMLDivElement>(null)
  const room = useWidth(box)
  const width = room - LEFT - 8
  return (
    <div ref={box} className={css.chart}>
      {width > 0 && (
        <svg
          width={room}
          height={HEIGHT + BELOW + 6}
          role="img"
          aria-label={`Utilisation over ten minutes; a tunnel more above ${renderShare(props.upThreshold)}, one less below ${renderShare(props.downThreshold)}`}
        >
          <Plot {...props} width={width} />
        </svg>
      )}
    </div>
  )
}
