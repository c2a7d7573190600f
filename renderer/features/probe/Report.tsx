import type { ProbeReport } from '../../../domain/probe/report.ts'
import { renderDuration, renderTime } from '../../ui/format.ts'
import { Health } from '../../ui/Health.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { AdvicePanel } from './AdvicePanel.tsx'
import { FactsPanel } from './FactsPanel.tsx'
import { FirewallPanel } from './FirewallPanel.tsx'
import { LadderPanel } from './LadderPanel.tsx'
import { LatencyPanel } from './LatencyPanel.tsx'
import { PathPanel } from './PathPanel.tsx'
import probe from './Probe.module.css'
import { ProgressPanel } from './ProgressPanel.tsx'
import { reportWords, toShown } from './part-words.ts'
import { ReportNumbers } from './ReportNumbers.tsx'
import { StreamsPanel } from './StreamsPanel.tsx'

const About = ({ report }: { readonly report: ProbeReport }) => {
  const { level, text } = reportWords(report.state)
  return (
    <p className={probe.about}>
      <Health level={level} text={text} />
      <span>
        From <strong>{report.hostName}</strong> to <strong>{report.targetName}</strong>
      </span>
      <span>
        {renderTime(report.startedAtMs)}
        {report.endedAtMs !== null && `, took ${renderDuration(report.endedAtMs - report.startedAtMs)}`}
      </span>
    </p>
  )
}

/** A probe: what is being measured, what was found, what limits, what to deploy. Also while it runs. */
export const Report = ({ report }: { readonly report: ProbeReport }) => (
  <>
    {report.state === 'running' ? <ProgressPanel report={report} /> : <About report={report} />}
    {report.problem !== null && <ProblemNote problem={toShown(report.problem)} />}
    <ReportNumbers report={report} />
    <div className={probe.grid}>
      {report.analysis !== null && report.bandwidth.state !== 'left-out' && (
        <PathPanel report={report} analysis={report.analysis} />
      )}
      {report.recommendation !== null && (
        <AdvicePanel id={report.id} target={report.request.target} recommendation={report.recommendation} />
      )}
      <LadderPanel report={report} />
      <LatencyPanel report={report} />
      <StreamsPanel report={report} />
      {report.firewall.length > 0 && <FirewallPanel report={report} />}
      <FactsPanel report={report} />
    </div>
  </>
)
