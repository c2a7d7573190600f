import { useId, useRef } from 'react'
import type { HostLoad } from '../../../contract/helper.ts'
import { renderBytes, renderCount, renderShare } from '../../ui/format.ts'
import { useWidth } from '../../ui/use-size.ts'
import { tunnelColour } from '../telemetry/tunnel-colour.ts'
import css from './Affinity.module.css'
import { type AffinityGeometry, freeCores, LOAD_HEIGHT, layOutAffinity, ROW, renderCores } from './affinity-geometry.ts'
import { slotOf, tunnelName } from './tunnel-name.ts'

type CoreLoad = HostLoad['cores'][number]
type TunnelWork = HostLoad['tunnels'][number]

/** Above this a core is the bottleneck, or near it. */
const BUSY = 0.9
const GAP = 3

const colourOf = (name: string): string => {
  const slot = slotOf(name)
  return slot === null ? 'var(--unknown)' : tunnelColour(slot)
}

const describe = ({ cores, tunnels }: HostLoad, free: readonly number[]): string => {
  const busiest = cores.toSorted((a, b) => (b.busyRatio ?? 0) - (a.busyRatio ?? 0))[0]
  const most = busiest?.busyRatio == null ? '' : ` Core ${busiest.core} is busiest: ${renderShare(busiest.busyRatio)}.`
  const kept = free.length === 0 ? '' : ` Kept free: ${renderCores(free)}.`
  return `${renderCount(tunnels.length, 'tunnel')} on ${renderCount(cores.length, 'core')}.${most}${kept}`
}

type CoreProps = {
  readonly core: CoreLoad
  readonly x: number
  readonly map: AffinityGeometry
  readonly isFree: boolean
  readonly hatch: string
}

/** A column: how busy the core is, its number, and whether it is kept free. */
const Core = ({ core: { core, busyRatio }, x, map, isFree, hatch }: CoreProps) => {
  const busy = (busyRatio ?? 0) * LOAD_HEIGHT
  return (
    <g transform={`translate(${x} 0)`} data-core={core} data-free={isFree}>
      {isFree && <rect x={1} width={map.column - 2} height={map.height} rx={4} fill={`url(#${hatch})`} />}
      <rect x={GAP} width={map.column - 2 * GAP} height={LOAD_HEIGHT} rx={2} className={css.well} />
      <rect
        x={GAP}
        y={LOAD_HEIGHT - busy}
        width={map.column - 2 * GAP}
        height={busy}
        rx={2}
        className={css.load}
        data-busy={(busyRatio ?? 0) > BUSY}
      />
      <text x={map.column / 2} y={LOAD_HEIGHT + 14} className={css.core}>
        {core}
      </text>
    </g>
  )
}

type RowProps = {
  readonly tunnel: TunnelWork
  readonly y: number
  readonly map: AffinityGeometry
  readonly cores: readonly CoreLoad[]
}

const figures = ({ coreRatio, memoryBytes }: TunnelWork): string =>
  [
    coreRatio === null ? (memoryBytes === null ? 'in the kernel' : '–') : `${renderShare(coreRatio)} of a core`,
    ...(memoryBytes === null ? [] : [renderBytes(memoryBytes)]),
  ].join(', ')

/** A tunnel's row: the cores that work for it, filled by how much; a dashed frame over all where any may. */
const Tunnel = ({ tunnel, y, map, cores }: RowProps) => {
  const colour = colourOf(tunnel.name)
  const own = cores.flatMap(({ core }, at) => (tunnel.cores.includes(core) ? [map.columns[at] as number] : []))
  const share = Math.min(1, (tunnel.coreRatio ?? 0) / Math.max(1, own.length))
  const box = ROW - 8
  return (
    <g transform={`translate(0 ${y})`} data-tunnel={tunnel.name}>
      <text x={0} y={box - 4} className={css.name}>
        {tunnelName(tunnel.name)}
      </text>
      {own.length === 0 ? (
        <rect
          x={(map.columns[0] ?? 0) + GAP}
          width={map.column * cores.length - 2 * GAP}
          height={box}
          rx={4}
          className={css.any}
          stroke={colour}
        />
      ) : (
        own.map((x) => (
          <g key={x} transform={`translate(${x + GAP} 0)`}>
            <rect width={map.column - 2 * GAP} height={box} rx={3} fill={colour} fillOpacity={0.22} stroke={colour} />
            <rect y={box * (1 - share)} width={map.column - 2 * GAP} height={box * share} rx={3} fill={colour} />
          </g>
        ))
      )}
      <text x={map.figures} y={box - 4} className={css.figures}>
        {figures(tunnel)}
      </text>
    </g>
  )
}

/** Lines where one NUMA node ends: memory of the other is farther away. */
const Nodes = ({ cores, map }: { readonly cores: readonly CoreLoad[]; readonly map: AffinityGeometry }) => (
  <>
    {cores
      .slice(1)
      .map(({ core, numaNode }, at) =>
        numaNode === cores[at]?.numaNode ? null : (
          <path key={core} d={`M${map.columns[at + 1]} 0V${map.height}`} className={css.node} />
        ),
      )}
  </>
)

/** Tunnels down, cores across: load of each core above, and which cores work for which tunnel. */
export const AffinityMap = ({ load }: { readonly load: HostLoad }) => {
  const box = useRef<HTMLDivElement>(null)
  const room = useWidth(box)
  const hatch = useId()
  const { cores, tunnels } = load
  const map = layOutAffinity(room, cores.length, tunnels.length)
  const free = freeCores(load)
  return (
    <div ref={box} className={css.map} tabIndex={map.width > room ? 0 : undefined}>
      {room > 0 && (
        <svg width={map.width} height={map.height} role="img" aria-label={describe(load, free)}>
          <pattern id={hatch} width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <path d="M0 0V6" className={css.hatch} />
          </pattern>
          {cores.map((core, at) => (
            <Core
              key={core.core}
              core={core}
              x={map.columns[at] as number}
              map={map}
              isFree={free.includes(core.core)}
              hatch={hatch}
            />
          ))}
          <Nodes cores={cores} map={map} />
          <text x={0} y={LOAD_HEIGHT / 2 + 4} className={css.title}>
            Load
          </text>
          <text x={0} y={LOAD_HEIGHT + 14} className={css.title}>
            Core
          </text>
          {tunnels.map((tunnel, at) => (
            <Tunnel key={tunnel.name} tunnel={tunnel} y={map.rows[at] as number} map={map} cores={cores} />
          ))}
        </svg>
      )}
    </div>
  )
}
