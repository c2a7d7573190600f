import { IconBox, IconServer2, IconShieldLock } from '@tabler/icons-react'
import { type ComponentType, useMemo, useRef } from 'react'
import type { DeploymentView, TunnelSample, TunnelView } from '../../../contract/app.ts'
import { renderRate } from '../../ui/format.ts'
import type { HealthLevel } from '../../ui/Health.tsx'
import { useWidth } from '../../ui/use-size.ts'
import { totalGoodput, tunnelGoodput } from '../telemetry/totals.ts'
import { useLiveSample } from '../telemetry/use-live-sample.ts'
import css from './TunnelMap.module.css'
import { healthOf } from './tunnel-health.ts'
import { type Box, flowWidth, layOutMap, MAP_HEIGHT, type TunnelLine } from './tunnel-map-geometry.ts'

/** Stands for the capacity of a path where it is not known (AWS): what one WireGuard tunnel was measured to carry. */
const ASSUMED_CAPACITY = 1_500_000_000

type NodeProps = {
  readonly box: Box
  readonly title: string
  readonly detail: string
  readonly icon: ComponentType<{ size?: number; stroke?: number; x?: number; y?: number; className?: string }>
}

const MapNode = ({ box, title, detail, icon: Icon }: NodeProps) => (
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
const MapTunnelLine = ({ line, level, name, goodput, width, direction }: LineProps) => (
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

/** Narrower than this the labels would cover the nodes, so the map scrolls sideways instead. */
const NARROWEST = 580

/** The ground the tunnels run through: three layers, a little uneven. */
const Strata = ({ width }: { readonly width: number }) => {
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

type LiveTunnel = { readonly tunnel: TunnelView; readonly sample: TunnelSample | null }

const describe = (live: readonly LiveTunnel[], total: number): string => {
  const silent = live.filter(({ tunnel }) => tunnel.health === 'silent').map(({ tunnel }) => tunnel.interfaceName)
  const trouble = silent.length === 0 ? '' : ` No answer over ${silent.join(', ')}.`
  return `Tunnel map: this machine to the private network over ${live.length} tunnels, ${renderRate(total)} in all.${trouble}`
}

/** Where the traffic goes: line width is goodput, colour is health, once a second. */
export const TunnelMap = ({ view }: { readonly view: DeploymentView }) => {
  const box = useRef<HTMLDivElement>(null)
  const room = useWidth(box)
  const width = room === 0 ? 0 : Math.max(NARROWEST, room)
  const latest = useLiveSample(view)
  const { bastions, tunnels, plan } = view
  const bastionIds = bastions.map(({ id }) => id).join(' ')
  const places = tunnels.map(({ slot, bastionId }) => `${slot}:${bastionId}`).join(' ')
  // Laid out again only when something is added or removed, not at every sample.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts stand for the lists, which are new at every event
  const map = useMemo(
    () =>
      layOutMap(
        width,
        bastions.map(({ id }) => id),
        tunnels,
      ),
    [width, bastionIds, places],
  )
  const capacity = plan?.target === 'lab' ? plan.labPathRateBitsPerSecond : ASSUMED_CAPACITY
  const live = tunnels.map((tunnel) => ({
    tunnel,
    sample: latest?.tunnels.find(({ slot }) => slot === tunnel.slot) ?? null,
  }))
  const total = latest === null ? 0 : totalGoodput(latest)

  return (
    <div ref={box} className={css.map} tabIndex={width > room ? 0 : undefined}>
      {width > 0 && (
        <svg width={width} height={MAP_HEIGHT} role="img" aria-label={describe(live, total)}>
          <Strata width={width} />
          {map.bastions.map(({ id, link }) => (
            <g key={id}>
              <path d={link} className={css.bore} />
              <path
                d={link}
                className={css.inside}
                strokeWidth={flowWidth(total, capacity * Math.max(1, tunnels.length))}
              />
            </g>
          ))}
          {map.tunnels.map((line) => {
            const { tunnel, sample } = live.find((each) => each.tunnel.slot === line.slot) ?? {}
            if (tunnel === undefined) return null
            const goodput = sample == null ? null : tunnelGoodput(sample)
            return (
              <MapTunnelLine
                key={line.slot}
                line={line}
                level={healthOf(tunnel).level}
                name={tunnel.interfaceName}
                goodput={goodput}
                width={flowWidth(goodput ?? 0, capacity)}
                direction={(sample?.downBitsPerSecond ?? 0) > (sample?.upBitsPerSecond ?? 0) ? 'down' : 'up'}
              />
            )
          })}
          <MapNode
            box={map.host}
            title={plan?.target === 'lab' ? 'Lab DTN' : 'This DTN'}
            detail="this machine"
            icon={IconServer2}
          />
          {map.bastions.map(({ id, box: place }) => (
            <MapNode
              key={id}
              box={place}
              title="Bastion"
              detail={bastions.find((bastion) => bastion.id === id)?.publicAddress ?? ''}
              icon={IconShieldLock}
            />
          ))}
          <MapNode box={map.subnet} title="Private net" detail={plan?.privateCidr ?? ''} icon={IconBox} />
        </svg>
      )}
    </div>
  )
}
