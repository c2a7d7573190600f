import { IconBox, IconServer2, IconShieldLock } from '@tabler/icons-react'
import { useRef } from 'react'
import type { DeploymentView, TunnelSample, TunnelView } from '../../../contract/app.ts'
import { renderCount, renderRate } from '../../ui/format.ts'
import { useWidth } from '../../ui/use-size.ts'
import { totalGoodput, tunnelGoodput } from '../telemetry/totals.ts'
import { useLiveSample } from '../telemetry/use-live-sample.ts'
import css from './TunnelMap.module.css'
import { MapNode, MapTunnelLine, Strata } from './TunnelMapParts.tsx'
import { healthOf } from './tunnel-health.ts'
import { flowWidth, layOutMap, MAP_HEIGHT } from './tunnel-map-geometry.ts'

/** Stands for the capacity of a path where it is not known (AWS): what one WireGuard tunnel was measured to carry. */
const ASSUMED_CAPACITY = 1_500_000_000

/** Narrower than this the labels would cover the nodes, so the map scrolls sideways instead. */
const NARROWEST = 580

type LiveTunnel = { readonly tunnel: TunnelView; readonly sample: TunnelSample | null }

const describe = (live: readonly LiveTunnel[], total: number): string => {
  const silent = live.filter(({ tunnel }) => tunnel.health === 'silent').map(({ tunnel }) => tunnel.interfaceName)
  const trouble = silent.length === 0 ? '' : ` No answer over ${silent.join(', ')}.`
  return `Tunnel map: this machine to the private network over ${renderCount(live.length, 'tunnel')}, ${renderRate(total)} in all.${trouble}`
}

/** Where the traffic goes: line width is goodput, colour is health, once a second. */
export const TunnelMap = ({ view }: { readonly view: DeploymentView }) => {
  const box = useRef<HTMLDivElement>(null)
  const room = useWidth(box)
  const width = room === 0 ? 0 : Math.max(NARROWEST, room)
  const latest = useLiveSample(view)
  const { bastions, tunnels, plan } = view
  const map = layOutMap(
    width,
    bastions.map(({ id }) => id),
    tunnels,
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
