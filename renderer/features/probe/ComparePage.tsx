import { Button, Skeleton } from '@mantine/core'
import { Link, useParams } from 'wouter'
import { type ComparisonRow, compareProbes } from '../../../domain/probe/compare.ts'
import type { ProbeReport } from '../../../domain/probe/report.ts'
import { renderTime } from '../../ui/format.ts'
import { Page } from '../../ui/Page.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { ScrollRegion } from '../../ui/ScrollRegion.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import css from './Compare.module.css'
import { type CurveScale, scaleOf, seriesOf } from './curve-chart.ts'
import probe from './Probe.module.css'
import { StreamsChart } from './StreamsChart.tsx'
import { useReport } from './use-report.ts'

const Head = ({ report }: { readonly report: ProbeReport }) => (
  <th scope="col">
    <Link href={`/probe/earlier/${report.id}`} className={css.when ?? ''}>
      {renderTime(report.startedAtMs)}
    </Link>
  </th>
)

const Row = ({ row: { name, first, second, change } }: { readonly row: ComparisonRow }) => (
  <tr data-same={change === null || change === 'same'}>
    <th scope="row">{name}</th>
    <td>{first ?? '–'}</td>
    <td>{second ?? '–'}</td>
    <td className={css.change}>{change ?? '–'}</td>
  </tr>
)

/** What streams carried in one of them, to the scale of both. */
const Streams = ({ report, scale }: { readonly report: ProbeReport; readonly scale: CurveScale }) => {
  const { result } = report.bandwidth
  return (
    <Panel title={`Bandwidth, ${renderTime(report.startedAtMs)}`}>
      {result === null ? (
        <p className={probe.absent}>Was not measured.</p>
      ) : (
        <StreamsChart series={seriesOf(result, report.analysis?.curves ?? [])} scale={scale} />
      )}
    </Panel>
  )
}

/** Axes that hold what both carried; `null` where neither carried anything. */
const jointScale = (reports: readonly ProbeReport[]): CurveScale | null => {
  const results = reports.map(({ bandwidth }) => bandwidth.result).filter((result) => result !== null)
  const [first] = results
  if (first === undefined) return null
  const series = results.flatMap((result) => seriesOf(result, []))
  return scaleOf({ ...first, runs: results.flatMap(({ runs }) => runs) }, series)
}

const Curves = ({ reports }: { readonly reports: readonly ProbeReport[] }) => {
  const scale = jointScale(reports)
  return (
    scale !== null && (
      <div className={probe.grid}>
        {reports.map((report) => (
          <Streams key={report.id} report={report} scale={scale} />
        ))}
      </div>
    )
  )
}

const Comparison = ({ first, second }: { readonly first: ProbeReport; readonly second: ProbeReport }) => (
  <Panel title="Side by side" flush>
    <ScrollRegion label="Comparison table">
      <table className={`${probe.table} ${css.table}`} aria-label="Comparison">
        <thead>
          <tr>
            <td />
            <Head report={first} />
            <Head report={second} />
            <th scope="col" className={css.change}>
              Change
            </th>
          </tr>
        </thead>
        <tbody>
          {compareProbes(first, second).map((row) => (
            <Row key={row.name} row={row} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  </Panel>
)

/** Two probes side by side: what changed from the first to the second. */
export const ComparePage = () => {
  const { first, second } = useParams<{ first: string; second: string }>()
  const [before, after] = [useReport(first), useReport(second)]
  const error = before.error ?? after.error
  return (
    <Page
      title="Two probes"
      lead="What changed from the first to the second. Rates within 2 % count as the same."
      aside={
        <Button component={Link} href="/probe" variant="default">
          Back to the newest
        </Button>
      }
    >
      {error !== null && <ProblemNote problem={toProblem(error)} />}
      {before.data !== undefined && after.data !== undefined ? (
        <>
          <Curves reports={[before.data, after.data]} />
          <Comparison first={before.data} second={after.data} />
        </>
      ) : (
        error === null && <Skeleton height={320} radius="md" aria-busy="true" />
      )}
    </Page>
  )
}
