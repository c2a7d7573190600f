import { Button, Skeleton } from '@mantine/core'
import { Link, useParams } from 'wouter'
import { useLiveStream } from '../../app/use-live-stream.ts'
import { Page } from '../../ui/Page.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { ExportMenu } from './ExportMenu.tsx'
import { HistoryPanel } from './HistoryPanel.tsx'
import { LEAD } from './Probe.tsx'
import { Report } from './Report.tsx'
import { useReport } from './use-report.ts'

/** A probe out of the history. */
export const EarlierProbe = () => {
  const { id } = useParams<{ id: string }>()
  const kept = useReport(id)
  const newest = useLiveStream('probe.watch').value
  // What still runs is followed, wherever the way to it began.
  const report = newest?.id === id ? newest : kept.data
  const history = useLiveStream('probe.history').value
  return (
    <Page
      title="Probe"
      lead={LEAD}
      aside={
        <>
          {report !== undefined && report.state !== 'running' && <ExportMenu report={report} />}
          <Button component={Link} href="/probe" variant="default">
            Show the newest
          </Button>
        </>
      }
    >
      {kept.error !== null && <ProblemNote problem={toProblem(kept.error)} />}
      {report === undefined ? (
        kept.error === null && <Skeleton height={320} radius="md" aria-busy="true" />
      ) : (
        <Report key={id} report={report} />
      )}
      {history !== null && history.length > 0 && <HistoryPanel summaries={history} hereId={id} />}
    </Page>
  )
}
