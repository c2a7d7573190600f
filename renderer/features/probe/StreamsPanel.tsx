import type { ScalingCurve } from '../../../domain/probe/analysis.ts'
import type { BandwidthResult } from '../../../domain/probe/bandwidth.ts'
import type { ProbeReport } from '../../../domain/probe/report.ts'
import { renderRate } from '../../ui/format.ts'
import { type CurveSeries, scaleOf, seriesOf } from './curve-chart.ts'
import { directionWord } from './limit-words.ts'
import { PartPanel } from './PartPanel.tsx'
import probe from './Probe.module.css'
import { RunTable } from './RunTable.tsx'
import { Sourced } from './Sourced.tsx'
import css from './Streams.module.css'
import { StreamsChart } from './StreamsChart.tsx'
import { UdpSteps } from './UdpSteps.tsx'

const Key = ({ series }: { readonly series: readonly CurveSeries[] }) => (
  <ul className={probe.key}>
    {series.map(({ direction }) => (
      <li key={direction}>
        <svg width={22} height={10} className={css.points} data-direction={direction} aria-hidden="true">
          <path d="M0 5H22" className={css.line} data-direction={direction} />
          {direction === 'upload' ? (
            <circle cx={11} cy={5} r={4} className={css.mark} />
          ) : (
            <rect x={7} y={1} width={8} height={8} className={css.mark} />
          )}
        </svg>
        {directionWord(direction)}
      </li>
    ))}
  </ul>
)

const Curve = ({ curve }: { readonly curve: ScalingCurve }) => (
  <li>
    {directionWord(curve.direction)}: tends to{' '}
    <Sourced from={curve.plateauBitsPerSecond.from}>{renderRate(curve.plateauBitsPerSecond.value)}</Sourced>; enough are{' '}
    <Sourced from={curve.enoughStreams.from}>{curve.enoughStreams.value} streams</Sourced>
  </li>
)

type Props = { readonly result: BandwidthResult; readonly curves: readonly ScalingCurve[] }

const Streams = ({ result, curves }: Props) => {
  const series = seriesOf(result, curves)
  return (
    <div className={css.columns}>
      <div className={css.column}>
        {series.length === 0 ? (
          <p className={probe.absent}>No run of TCP was completed.</p>
        ) : (
          <StreamsChart series={series} scale={scaleOf(result, series)} />
        )}
        {curves.length > 0 && (
          <ul className={css.curves} aria-label="What the curves say">
            {curves.map((curve) => (
              <Curve key={curve.direction} curve={curve} />
            ))}
          </ul>
        )}
        {result.runs.length > 0 && (
          <details className={probe.asTable}>
            <summary>Every run in numbers</summary>
            <RunTable runs={result.runs} />
          </details>
        )}
      </div>
      {result.udp.length > 0 && <UdpSteps steps={result.udp} />}
    </div>
  )
}

/** What streams of TCP carry, one and several, and steps of UDP. */
export const StreamsPanel = ({ report }: { readonly report: ProbeReport }) => {
  const { result } = report.bandwidth
  const curves = report.analysis?.curves ?? []
  return (
    <PartPanel
      part="bandwidth"
      report={report}
      height={260}
      className={probe.wide}
      aside={result !== null && <Key series={seriesOf(result, curves)} />}
    >
      {(found) => <Streams result={found} curves={curves} />}
    </PartPanel>
  )
}
