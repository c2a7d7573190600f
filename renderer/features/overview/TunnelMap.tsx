import { IconBox, IconServer2, IconShieldLock } from '@tabler/icons-react'
import { useRef } from 'react'
import type { DeploymentView, TunnelSample, TunnelView } from '../../../contract/app.ts'
import { interfaceName } from '../../../domain/ours.ts'
import { renderCount, renderRate } from '../../ui/format.ts'
import { useWidth } from '../../ui/use-size.ts'
import { totalGoodput, tunnelGoodput } from '../telemetry/totals.ts'
import { tunnelColour } from '../telemetry/tunnel-colour.ts'
import { useLiveSample } from '../telemetry/use-live-sample.ts'
import { type Bastion, bastionLevel, bastionName, bastionStateText } from './bastion-state.ts'
import { carryingOf, failoverNotice } from './failover.ts'
import css from './TunnelMap.module.css'
import { carriedText, MapNode, MapPill, MapTunnelLine, Strata } from './TunnelMapParts.tsx'
import { type BastionPlace, flowWidth, layOutMap, WIDEST_BORE } from './tunnel-map-geometry.ts'

/** Stands for the capacity of a path where it is not known (AWS): what one WireGuard tunnel was measured to carry. */
const ASSUMED_CAPACITY = 1_500_000_000

/** Narrower than this the labels would cover the nodes, so the map scrolls sideways instead. */
const NARROWEST = 580

type LiveTunnel = { readonly tunnel: TunnelView; readonly sample: TunnelSample | null }

const describe = (live: readonly LiveTunnel[], bastions: readonly Bastion[], total: number): string => {
  const silent = live.filter(({ tunnel }) => tunnel.health === 'silent').map(({ tunnel }) => interfaceName(tunnel.slot))
  const trouble = silent.length === 0 ? '' : ` No answer over ${silent.join(', ')}.`
  const lossy = live
    .filter(({ tunnel }) => carryingOf(tunnel) === 'degraded')
    .map(({ tunnel }) => interfaceName(tunnel.slot))
  const loss = lossy.length === 0 ? '' : ` Packets are lost over ${lossy.join(', ')}.`
  const over = bastions.length > 1 ? ` and ${renderCount(bastions.length, 'bastion')}` : ''
  const absent = bastions.filter(({ state }) => state !== 'running')
  const missing = absent.map((bastion) => ` ${bastionName(bastion)} is ${bastionStateText(bastion)}.`).join('')
  return `Tunnel map: this machine to the private network over ${renderCount(live.length, 'tunnel')}${over}, ${renderRate(total)} in all.${trouble}${loss}${missing}`
}

const sumOf = (live: readonly LiveTunnel[]): number =>
  live.reduce((sum, { sample }) => sum + (sample === null ? 0 : tunnelGoodput(sample)), 0)

/** The way to a bastion that no tunnel leads to. */
const Absence = ({ place }: { readonly place: BastionPlace }) => (
  <g data-carrying="silent" className={css.tunnel}>
    <path d={place.absence} className={css.bore} strokeWidth={WIDEST_BORE} />
    <path d={place.absence} className={css.flow} />
  </g>
)

type BundleProps = { readonly place: BastionPlace; readonly live: readonly LiveTunnel[] }

/** One label for all tunnels of a bastion, where they have no room for their own. */
const BundleLabel = ({ place, live }: BundleProps) => {
  const first = live[0]
  if (first === undefined) return null
  const silent = live.filter(({ tunnel }) => ['out', 'silent'].includes(carryingOf(tunnel))).length
  return (
    <MapPill
      at={place.middle}
      name={silent === 0 ? renderCount(live.length, 'tunnel') : `${silent} of ${live.length} silent`}
      value={silent === live.length ? '' : renderRate(sumOf(live))}
      colour={tunnelColour(first.tunnel.slot)}
      width={176}
    />
  )
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
  const through = (id: string): LiveTunnel[] => live.filter(({ tunnel }) => tunnel.bastionId === id)
  const total = latest === null ? 0 : totalGoodput(latest)
  const drawn = map.tunnels.flatMap((line) => {
    const found = live.find(({ tunnel }) => tunnel.slot === line.slot)
    if (found === undefined) return []
    return [{ line, ...found, goodput: found.sample === null ? null : tunnelGoodput(found.sample) }]
  })

  return (
    <div ref={box} className={css.map} tabIndex={width > room ? 0 : undefined}>
      {width > 0 && (
        <svg width={width} height={map.height} role="img" aria-label={describe(live, bastions, total)}>
          <Strata width={width} height={map.height} />
          {map.bastions.map((place) => (
            <g key={place.id}>
              <path d={place.link} className={css.bore} strokeWidth={WIDEST_BORE} />
              <path
                d={place.link}
                className={css.inside}
                data-idle={through(place.id).every(({ tunnel }) => ['out', 'silent'].includes(carryingOf(tunnel)))}
                strokeWidth={flowWidth(sumOf(through(place.id)), capacity * Math.max(1, through(place.id).length))}
              />
              {place.absence !== '' && <Absence place={place} />}
            </g>
          ))}
          {drawn.map(({ line, tunnel, sample, goodput }) => (
            <MapTunnelLine
              key={line.slot}
              line={line}
              carrying={carryingOf(tunnel)}
              goodput={goodput}
              bore={map.bore}
              width={flowWidth(goodput ?? 0, capacity) * (map.isLabelled ? map.bore / WIDEST_BORE : 0.4)}
              direction={(sample?.downBitsPerSecond ?? 0) > (sample?.upBitsPerSecond ?? 0) ? 'down' : 'up'}
              isLabelled={map.isLabelled}
            />
          ))}
          {map.isLabelled
            ? drawn.map(({ line, tunnel, goodput }) => (
                <MapPill
                  key={line.slot}
                  at={line.middle}
                  name={interfaceName(tunnel.slot)}
                  value={carriedText(carryingOf(tunnel), goodput)}
                  colour={tunnelColour(line.slot)}
                  carrying={carryingOf(tunnel)}
                />
              ))
            : map.bastions.map((place) => <BundleLabel key={place.id} place={place} live={through(place.id)} />)}
          <MapNode
            box={map.host}
            title={plan?.target === 'lab' ? 'Lab DTN' : 'This DTN'}
            detail="this machine"
            icon={IconServer2}
            level={failoverNotice(view)?.isAlarm === true ? 'bad' : 'good'}
          />
          {bastions.map((bastion, index) => {
            const place = map.bastions[index]
            return (
              place !== undefined && (
                <MapNode
                  key={bastion.id}
                  box={place.box}
                  title={bastions.length === 1 ? 'Bastion' : bastionName(bastion)}
                  detail={bastion.state === 'running' ? bastion.publicAddress : bastionStateText(bastion)}
                  icon={IconShieldLock}
                  level={bastionLevel(bastion)}
                />
              )
            )
          })}
          <MapNode box={map.subnet} title="Private net" detail={plan?.privateCidr ?? ''} icon={IconBox} />
        </svg>
      )}
    </div>
  )
}
