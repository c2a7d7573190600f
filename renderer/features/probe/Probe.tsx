import { Button, Skeleton } from '@mantine/core'
import { IconRadar2 } from '@tabler/icons-react'
import { Link } from 'wouter'
import { useIsOpen } from '../../app/connection-store.ts'
import { useLiveStream } from '../../app/use-live-stream.ts'
import { Page } from '../../ui/Page.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { ExportMenu } from './ExportMenu.tsx'
import { HistoryPanel } from './HistoryPanel.tsx'
import { NeverProbed } from './NeverProbed.tsx'
import { Report } from './Report.tsx'

export const LEAD = 'What this network can do, what limits it, and what to deploy.'

const Waiting = () => (
  <div aria-busy="true" role="status" aria-label="Loading: probes">
    <Skeleton height={320} radius="md" />
  </div>
)

/** Whether the stream has said anything: `null` is an answer, too. */
const useProbes = () => {
  const isOpen = useIsOpen()
  const newest = useLiveStream('probe.watch')
  const history = useLiveStream('probe.history')
  return { newest, history: history.value, isKnown: isOpen && history.value !== null }
}

/** The newest probe, also while it runs; and the earlier ones. */
export const Probe = () => {
  const { newest, history, isKnown } = useProbes()
  const report = newest.value
  return (
    <Page
      title="Probe"
      lead={LEAD}
      aside={
        report !== null &&
        report.state !== 'running' && (
          <>
            <ExportMenu report={report} />
            <Button component={Link} href="/probe/new" leftSection={<IconRadar2 size={16} />}>
              New probe
            </Button>
          </>
        )
      }
    >
      {newest.problem !== null && <ProblemNote problem={newest.problem} tone="warn" />}
      {report !== null ? <Report key={report.id} report={report} /> : isKnown ? <NeverProbed /> : <Waiting />}
      {history?.some(({ id }) => id !== report?.id) && <HistoryPanel summaries={history} hereId={report?.id ?? null} />}
    </Page>
  )
}
