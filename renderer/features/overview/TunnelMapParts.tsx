import type { ComponentType } from 'react'
import { renderRate } from '../../ui/format.ts'
import type { HealthLevel } from '../../ui/Health.tsx'
import css from './TunnelMap.module.css'
import { type Box, MAP_HEIGHT, type TunnelLine } from './tunnel-map-geometry.ts'

type NodeProps = {
  readonly box: Box
  readonly title: string
  readonly detail: string
  readonly icon: ComponentType<{ size?: number; stroke?: number; x?: number; y?: number; className?: string }>
}

/** One end of the tunnels, or what lies behind it. */
export const MapNode = ({ box, title, detail, icon: Icon }: NodeProps) => (
  <g transform={`translate(${box.x} ${box.y})`} className={css.node}>
    <rect width={box.width} height={box.height} rx={12} />
    <Icon size={20} stroke={1.6} x={box.width / 2 - 10} y={10} className={css.nodeIcon ?? ''} />
    <text x={box.width / 2} y={47} className={css.nodeTitle}>
      {title}
    </text>
    {box.width >= 100 && (
      <text x={box.width / 2} y={62} className={css.nodeDetail}>
        {detail}
      </text>
    )}
  </g>
)

type LineProps = {
  readonly line: TunnelLine
  readonly level: HealthLevel
  readonly name: string
  /** `null`: nobody measures. */
  readonly goodput: number | null
  readonly width: number
  readonly direction: 'up' | 'down'
}

/** A bore in the ground and the flow inside it. */
export const MapTunnelLine = ({ line, level, name, goodput, width, direction }: LineProps) => (
  <g data-level={level} data-slot={line.slot} className={css.tunnel}>
    <path d={line.path} className={css.bore} />
    <path d={line.path} className={css.flow} strokeWidth={width} data-part="flow" />
    {goodput !== null && goodput >= 1000 && level !== 'bad' && (
      <path d={line.path} className={css.grains} data-direction={direction} strokeWidth={Math.max(1.5, width * 0.4)} />
    )}
    <g transform={`translate(${line.middle.x} ${line.middle.y})`}>
      <rect x={-66} y={-10} width={132} height={20} rx={10} className={css.pill} />
      <rect x={-57} y={-4} width={8} height={8} rx={2} fill={`var(--tunnel-${line.slot})`} />
      <text x={-43} y={4} className={css.tunnelName}>
        {name}
      </text>
      <text x={58} y={4} className={css.tunnelRate}>
        {level === 'bad' ? 'no answer' : goodput === null ? '–' : renderRate(goodput)}
      </text>
    </g>
  </g>
)

/** The ground the tunnels run through: three layers, a little uneven. */
export const Strata = ({ width }: { readonly width: number }) => {
  const layer = (y: number, swing: number): string =>
    `M0 ${y}C${width * 0.2} ${y - swing} ${width * 0.32} ${y + swing} ${width * 0.5} ${y}S${width * 0.8} ${y - swing} ${width} ${y + swing * 0.4}V${MAP_HEIGHT}H0Z`
  return (
    <g>
      <path d={layer(0, 0)} fill="var(--strata-1)" />
      <path d={layer(104, 14)} fill="var(--strata-2)" />
      <path d={layer(208, -12)} fill="var(--strata-3)" />
    </g>
  )
}
