import type { LatencyResult, RegionLatency, RoundTrips } from '../../../domain/probe/path.ts'
import type { ProbeReport } from '../../../domain/probe/report.ts'
import { renderCount, renderMs } from '../../ui/format.ts'
import { ScrollRegion } from '../../ui/ScrollRegion.tsx'
import css from './Latency.module.css'
import { PartPanel } from './PartPanel.tsx'
import probe from './Probe.module.css'
import { Sourced, SourceLine } from './Sourced.tsx'

const FIGURES = [
  ['Least', 'minMs'],
  ['Median', 'medianMs'],
  ['95 %', 'p95Ms'],
  ['Jitter', 'jitterMs'],
] as const

const ToTarget = ({ trips, name }: { readonly trips: RoundTrips; readonly name: string }) => (
  <div className={css.target}>
    <p className={css.towards}>
      To {name}: {trips.answered} of {trips.sent} came back
    </p>
    <dl className={css.figures}>
      {FIGURES.map(([label, key]) => (
        <div key={key}>
          <dt>{label}</dt>
          <dd>
            <Sourced from={trips[key].from}>{renderMs(trips[key].value)}</Sourced>
          </dd>
        </div>
      ))}
    </dl>
  </div>
)

type Reached = RegionLatency & { readonly trips: RoundTrips }

/** Reachable regions, nearest first. */
const nearestFirst = (regions: readonly RegionLatency[]): Reached[] =>
  regions
    .filter((region): region is Reached => region.trips !== null)
    .toSorted((a, b) => a.trips.medianMs.value - b.trips.medianMs.value)

type RowProps = { readonly region: Reached; readonly most: number; readonly isNearest: boolean }

const Region = ({ region: { region, trips }, most, isNearest }: RowProps) => {
  const share = (ms: number): string => `${(100 * ms) / most}%`
  const { minMs, medianMs, p95Ms } = trips
  return (
    <li className={css.region} data-nearest={isNearest}>
      <span className={css.name}>{region}</span>
      <span className={css.rail} aria-hidden="true">
        <span
          className={css.span}
          style={{ left: share(minMs.value), width: share(Math.max(0, p95Ms.value - minMs.value)) }}
        />
        <span className={css.bar} style={{ width: share(medianMs.value) }} />
      </span>
      <span className={css.ms}>{renderMs(medianMs.value)}</span>
    </li>
  )
}

/** Those without an answer, folded: mostly all of them say the same. */
const NotReached = ({ regions }: { readonly regions: readonly RegionLatency[] }) => (
  <details className={probe.asTable}>
    <summary>{renderCount(regions.length, 'region')} not reached</summary>
    <ul className={css.regions} aria-label="Regions that were not reached">
      {regions.map(({ region, problem }) => (
        <li key={region} className={css.region} data-lost="true">
          <span className={css.name}>{region}</span>
          <span className={css.problem}>{problem ?? 'no answer'}</span>
        </li>
      ))}
    </ul>
  </details>
)

const Regions = ({ regions }: { readonly regions: readonly RegionLatency[] }) => {
  const reached = nearestFirst(regions)
  const most = Math.max(1, ...reached.map(({ trips }) => trips.p95Ms.value))
  const lost = regions.filter(({ trips }) => trips === null)
  const source = reached[0]?.trips.medianMs.from
  return (
    <>
      <p className={css.towards}>To the regions of AWS: median time of a TCP connection</p>
      <ScrollRegion label="Regions list" className={css.scroll}>
        <ol className={css.regions} aria-label="Regions, nearest first" hidden={reached.length === 0}>
          {reached.map((region, index) => (
            <Region key={region.region} region={region} most={most} isNearest={index === 0} />
          ))}
        </ol>
        {lost.length > 0 && <NotReached regions={lost} />}
      </ScrollRegion>
      {source !== undefined && (
        <div className={probe.source}>
          <SourceLine from={source} />
        </div>
      )}
    </>
  )
}

type LatencyProps = {
  readonly result: LatencyResult
  readonly name: string
  /** What stands above already, of the whole part. */
  readonly said: string | undefined
}

const Latency = ({ result, name, said }: LatencyProps) => (
  <>
    {result.target === null ? (
      result.problem !== null && result.problem !== said && <p className={css.none}>{result.problem}</p>
    ) : (
      <ToTarget trips={result.target} name={name} />
    )}
    {result.regions.length > 0 && <Regions regions={result.regions} />}
  </>
)

/** How far it is to the target, and to each region of the cloud. */
export const LatencyPanel = ({ report }: { readonly report: ProbeReport }) => (
  <PartPanel
    part="latency"
    report={report}
    height={230}
    className={report.mtu.state === 'left-out' ? probe.wide : undefined}
  >
    {(result) => <Latency result={result} name={report.targetName} said={report.latency.problem?.message} />}
  </PartPanel>
)
