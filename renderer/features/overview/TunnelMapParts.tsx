import type { ComponentType } from 'react'
import { orDash, renderRate } from '../../ui/format.ts'
import type { HealthLevel } from '../../ui/Health.tsx'
import type { Carrying } from './failover.ts'
import css from './TunnelMap.module.css'
import { type Box, LABEL, type TunnelLine } from './tunnel-map-geometry.ts'

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
  const top = isLow ? 0 : (box.height - 74) / 2
  return (
    <g transform={`translate(${box.x} ${box.y})`} className={css.node} data-level={level}>
      <rect width={box.width} height={box.height} rx={12} />
      {!isLow && <Icon size={20} stroke={1.6} x={middle - 10} y={top + 10} className={css.nodeIcon ?? ''} />}
      <text x={middle} y={isLow ? 20 : top + 47} className={css.nodeTitle}>
        {title}
      </text>
      {box.width >= 100 && (
        <text x={middle} y={isLow ? 35 : top + 62} className={css.nodeDetail}>
          {detail}
        </text>
      )}
    </g>
  )
}

type LineProps = {
  readonly line: TunnelLine
  readonly carrying: Carrying
  /** `null`: nobody measures. */
  readonly goodput: number | null
  readonly bore: number
  readonly width: number
  readonly direction: 'up' | 'down'
  readonly isLabelled: boolean
}

type PillProps = {
  readonly at: { readonly x: number; readonly y: number }
  readonly name: string
  readonly value: string
  readonly colour: string
  readonly carrying?: Carrying
  readonly width?: number
}

/** Says by its shape what the colour says: a triangle for loss, a cross for what carries nothing. */
const Sign = ({ carrying, colour }: { readonly carrying: Carrying; readonly colour: string }) => {
  if (carrying === 'degraded') return <path d="M4 -5 9.2 4.500H-1.200z" className={css.sign} />
  if (carrying === 'out' || carrying === 'silent')
    return <path d="M0 -4 8 4M8 -4 0 4" className={css.cross} strokeWidth={2} />
  return <rect y={-4} width={8} height={8} rx={2} fill={colour} />
}

/** What a line, or a bundle of lines, is called and carries. Drawn after every line, so that none covers it. */
export const MapPill = ({ at, name, value, colour, carrying = 'carries', width = LABEL.width }: PillProps) => (
  <g transform={`translate(${at.x} ${at.y})`} className={css.label} data-carrying={carrying}>
    <rect x={-width / 2} y={-10} width={width} height={LABEL.height} rx={10} className={css.pill} />
    <g transform={`translate(${9 - width / 2} 0)`}>
      <Sign carrying={carrying} colour={colour} />
    </g>
    <text x={23 - width / 2} y={4} className={css.tunnelName}>
      {name}
    </text>
    <text x={width / 2 - 9} y={4} className={css.tunnelRate}>
      {value}
    </text>
  </g>
)

/**
 * A bore in the ground and the flow inside it. What is out of the route is cut off at the DTN: the gap opens as it leaves
 * and closes as it comes back.
 */
export const MapTunnelLine = ({ line, carrying, goodput, bore, width, direction, isLabelled }: LineProps) => {
  const isOut = carrying === 'out'
  const isRunning = isLabelled && carrying === 'carries' && goodput !== null && goodput >= 1000
  return (
    <g data-carrying={carrying} data-slot={line.slot} className={css.tunnel}>
      <path d={line.path} className={css.bore} pathLength={100} strokeWidth={isLabelled ? bore : 6} />
      <path d={line.path} className={css.flow} strokeWidth={isOut ? 0 : width} data-part="flow" />
      {isRunning && (
        <path
          d={line.path}
          className={css.grains}
          data-direction={direction}
          strokeWidth={Math.max(1.5, width * 0.4)}
        />
      )}
    </g>
  )
}

/** What the label of a tunnel says it carries. */
export const carriedText = (carrying: Carrying, goodput: number | null): string => {
  if (carrying === 'out') return 'out of route'
  if (carrying === 'silent') return 'no answer'
  return orDash(goodput, renderRate)
}

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
