import type { ComponentType } from 'react'
import { renderRate } from '../../ui/format.ts'
import type { HealthLevel } from '../../ui/Health.tsx'
import { tunnelColour } from '../telemetry/tunnel-colour.ts'
import css from './TunnelMap.module.css'
import type { Box, TunnelLine } from './tunnel-map-geometry.ts'

type NodeProps = {
  readonly box: Box
  readonly title: string
  readonly detail: string
  readonly icon: ComponentType<{ size?: number; stroke?: number; x?: number; y?: number; className?: string }>
  /** What its frame says; `good` is not worth a colour. */
  readonly level?: HealthLevel
}

/** One end of the tunnels, or what lies behind it. */
export const MapNode = ({ box, title, detail, icon: Icon, level = 'good' }: NodeProps) => {
  const isLow = box.height < 60
  const middle = box.width / 2
  return (
    <g transform={`translate(${box.x} ${box.y})`} className={css.node} data-level={level}>
      <rect width={box.width} height={box.height} rx={12} />
      {!isLow && <Icon size={20} stroke={1.6} x={middle - 10} y={10} className={css.nodeIcon ?? ''} />}
      <text x={middle} y={isLow ? 20 : 47} className={css.nodeTitle}>
        {title}
      </text>
      {box.width >= 100 && (
        <text x={middle} y={isLow ? 35 : 62} className={css.nodeDetail}>
          {detail}
        </text>
      )}
    </g>
  )
}

type LineProps = {
  readonly line: TunnelLine
  readonly level: HealthLevel
  readonly name: string
  /** `null`: nobody measures. */
  readonly goodput: number | null
  readonly width: number
  readonly direction: 'up' | 'down'
  readonly isLabelled: boolean
}

type PillProps = {
  readonly at: { readonly x: number; readonly y: number }
  readonly name: string
  readonly value: string
  readonly colour: string
  readonly width?: number
}

/** What a line, or a bundle of lines, is called and carries. */
export const MapPill = ({ at, name, value, colour, width = 132 }: PillProps) => (
  <g transform={`translate(${at.x} ${at.y})`}>
    <rect x={-width / 2} y={-10} width={width} height={20} rx={10} className={css.pill} />
    <rect x={9 - width / 2} y={-4} width={8} height={8} rx={2} fill={colour} />
    <text x={23 - width / 2} y={4} className={css.tunnelName}>
      {name}
    </text>
    <text x={width / 2 - 8} y={4} className={css.tunnelRate}>
      {value}
    </text>
  </g>
)

/** A bore in the ground and the flow inside it. */
export const MapTunnelLine = ({ line, level, name, goodput, width, direction, isLabelled }: LineProps) => (
  <g data-level={level} data-slot={line.slot} className={css.tunnel} data-bundled={!isLabelled}>
    <path d={line.path} className={css.bore} />
    <path d={line.path} className={css.flow} strokeWidth={isLabelled ? width : width * 0.4} data-part="flow" />
    {isLabelled && goodput !== null && goodput >= 1000 && level !== 'bad' && (
      <path d={line.path} className={css.grains} data-direction={direction} strokeWidth={Math.max(1.5, width * 0.4)} />
    )}
    {isLabelled && (
      <MapPill
        at={line.middle}
        name={name}
        value={level === 'bad' ? 'no answer' : goodput === null ? '–' : renderRate(goodput)}
        colour={tunnelColour(line.slot)}
      />
    )}
  </g>
)

/** The ground the tunnels run through: three layers, a little uneven. */
export const Strata = ({ width, height }: { readonly width: number; readonly height: number }) => {
  const layer = (y: number, swing: number): string =>
    `M0 ${y}C${width * 0.2} ${y - swing} ${width * 0.32} ${y + swing} ${width * 0.5} ${y}S${width * 0.8} ${y - swing} ${width} ${y + swing * 0.4}V${height}H0Z`
  return (
    <g>
      <path d={layer(0, 0)} fill="var(--strata-1)" />
      <path d={layer(height * 0.39, 14)} fill="var(--strata-2)" />
      <path d={layer(height * 0.78, -12)} fill="var(--strata-3)" />
    </g>
  )
}
