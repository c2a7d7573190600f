import { SegmentedControl } from '@mantine/core'
import {
  IconAlertTriangle,
  IconArrowsLeftRight,
  IconCloud,
  IconCpu,
  IconFileText,
  IconPlug,
  IconRoute,
} from '@tabler/icons-react'
import { type ComponentType, type ReactNode, useRef, useState } from 'react'
import type { Analysis, Bottleneck } from '../../../domain/probe/analysis.ts'
import { BOTTLENECK_NAMES } from '../../../domain/probe/describe.ts'
import type { ProbeReport } from '../../../domain/probe/report.ts'
import { Panel } from '../../ui/Panel.tsx'
import { useWidth } from '../../ui/use-size.ts'
import { Strata } from '../overview/TunnelMapParts.tsx'
import { CONFIDENCE, directionWord } from './limit-words.ts'
import css from './PathPanel.module.css'
import { drawPath, STATIONS, type Station, stationOf } from './path-picture.ts'
import { stationFacts } from './StationFacts.tsx'

type Icon = ComponentType<{
  size?: number
  stroke?: number
  x?: number
  y?: number
  className?: string
  'aria-hidden'?: boolean
}>

const LOOKS: Readonly<Record<Station, { readonly title: string; readonly icon: Icon }>> = {
  program: { title: 'Program', icon: IconFileText },
  sockets: { title: 'Sockets', icon: IconArrowsLeftRight },
  processor: { title: 'Processor', icon: IconCpu },
  interface: { title: 'Interface', icon: IconPlug },
  path: { title: 'Path', icon: IconRoute },
  'far-end': { title: 'Far end', icon: IconCloud },
}

const HEIGHT = 150

type PictureProps = {
  readonly narrow: Station | null
  readonly direction: Bottleneck['direction']
  readonly label: string
}

const Picture = ({ narrow, direction, label }: PictureProps) => {
  const box = useRef<HTMLDivElement>(null)
  const room = useWidth(box)
  const picture = drawPath(room, HEIGHT, narrow, direction)
  return (
    <div ref={box} className={css.picture}>
      {room > 0 && (
        <svg width={room} height={HEIGHT} role="img" aria-label={label}>
          <Strata width={room} height={HEIGHT} />
          <path d={picture.bore} className={css.bore} />
          <path d={picture.flow} className={css.flow} data-known={narrow !== null} />
          <path d={picture.current} className={css.grains} data-direction={direction} />
          {picture.stations.map(({ x, y, isNarrow }, index) => {
            const { icon: Icon } = LOOKS[STATIONS[index] as Station]
            return (
              <g key={x} transform={`translate(${x} ${y})`} className={css.station} data-narrow={isNarrow}>
                {isNarrow && <circle r={25} className={css.halo} />}
                <circle r={17} className={css.disc} />
                <Icon size={18} stroke={1.7} x={-9} y={-9} className={css.icon ?? ''} aria-hidden />
              </g>
            )
          })}
        </svg>
      )}
    </div>
  )
}

const Verdict = ({ bottleneck }: { readonly bottleneck: Bottleneck }) => (
  <div className={css.verdict} data-known={bottleneck.name !== 'unknown'}>
    <p className={css.sentence}>{bottleneck.sentence}</p>
    <p className={css.sure}>
      {directionWord(bottleneck.direction)}: {BOTTLENECK_NAMES[bottleneck.name]}
      {bottleneck.name !== 'unknown' && (
        <span className={css.confidence} data-confidence={bottleneck.confidence}>
          {CONFIDENCE[bottleneck.confidence]}
        </span>
      )}
    </p>
    {bottleneck.evidence.length > 0 && (
      <ul className={css.evidence} aria-label="What proves it">
        {bottleneck.evidence.map((counter) => (
          <li key={counter}>{counter}</li>
        ))}
      </ul>
    )}
  </div>
)

type StationProps = { readonly station: Station; readonly isNarrow: boolean; readonly facts: readonly ReactNode[] }

const StationColumn = ({ station, isNarrow, facts }: StationProps) => (
  <li className={css.column} data-narrow={isNarrow}>
    <span className={css.name}>
      {LOOKS[station].title}
      {isNarrow && (
        <span className={css.here}>
          <IconAlertTriangle size={12} stroke={2.2} aria-hidden /> binds
        </span>
      )}
    </span>
    {facts.map((fact, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: facts of a station keep their places
      <span key={index} className={css.fact}>
        {fact}
      </span>
    ))}
  </li>
)

/** More than these would come before what they are about. */
const MOST_OPEN = 2

const CautionList = ({ cautions }: Pick<Analysis, 'cautions'>) => (
  <ul className={css.cautions} aria-label="What makes it less sure">
    {cautions.map((caution) => (
      <li key={caution}>{caution}</li>
    ))}
  </ul>
)

const Cautions = ({ cautions }: Pick<Analysis, 'cautions'>) => {
  if (cautions.length === 0) return null
  if (cautions.length <= MOST_OPEN) return <CautionList cautions={cautions} />
  return (
    <details className={css.folded}>
      <summary>{cautions.length} things make it less sure</summary>
      <CautionList cautions={cautions} />
    </details>
  )
}

type Props = { readonly report: ProbeReport; readonly analysis: Analysis }

/** What limits a transfer, and where on its way that is. */
export const PathPanel = ({ report, analysis }: Props) => {
  const directions = [...new Set(analysis.bottlenecks.map(({ direction }) => direction))]
  const [chosen, setChosen] = useState<Bottleneck['direction'] | null>(null)
  const direction = chosen ?? analysis.bottlenecks[0]?.direction ?? 'upload'
  const shown = analysis.bottlenecks.filter((each) => each.direction === direction)
  const first = shown[0]
  if (first === undefined) return null
  const narrow = stationOf(first)
  return (
    <Panel
      title="What limits it"
      className={css.panel}
      flush
      aside={
        directions.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label="Direction"
            value={direction}
            data={directions.map((value) => ({ value, label: directionWord(value) }))}
            onChange={(value) => setChosen(value as Bottleneck['direction'])}
          />
        )
      }
    >
      <div className={css.verdicts}>
        {shown.map((bottleneck) => (
          <Verdict key={bottleneck.name} bottleneck={bottleneck} />
        ))}
        <Cautions cautions={analysis.cautions} />
      </div>
      <Picture
        narrow={narrow}
        direction={direction}
        label={
          narrow === null
            ? 'The way of the data. What limits it is not known.'
            : `The way of the data, ${direction === 'upload' ? 'from here to the far end' : 'from the far end to here'}. It is narrow at: ${LOOKS[narrow].title}.`
        }
      />
      <ol className={css.columns} aria-label="Stations of the way">
        {STATIONS.map((station) => (
          <StationColumn
            key={station}
            station={station}
            isNarrow={station === narrow}
            facts={stationFacts(station, report, direction)}
          />
        ))}
      </ol>
    </Panel>
  )
}
