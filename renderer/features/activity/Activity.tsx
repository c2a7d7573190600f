import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import type { Act, ActivityEvent } from '../../../contract/app.ts'
import { Elapsed } from '../../ui/Elapsed.tsx'
import { EmptyNote } from '../../ui/EmptyNote.tsx'
import { renderTime } from '../../ui/format.ts'
import { Page } from '../../ui/Page.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { useDeployment } from '../deployment/deployment-store.ts'
import { describeAct } from '../deployment/phase.ts'
import { StepList } from '../deployment/StepList.tsx'
import css from './Activity.module.css'
import { useActivity } from './activity-store.ts'
import { EventList } from './EventList.tsx'

type Filter = 'all' | 'notable'

const FILTERS = [
  { value: 'all', label: 'All' },
  { value: 'notable', label: 'Warnings and errors' },
]

const filtered = (events: readonly ActivityEvent[] | null, filter: Filter): readonly ActivityEvent[] | null =>
  filter === 'all' ? events : (events?.filter(({ level }) => level !== 'info') ?? null)

const Events = () => {
  const [filter, setFilter] = useState<Filter>('all')
  const events = useActivity((state) => state.events)
  return (
    <Panel
      title="Events"
      flush
      aside={
        <SegmentedControl
          size="xs"
          aria-label="Which events"
          data={FILTERS}
          value={filter}
          onChange={(value) => setFilter(value as Filter)}
        />
      }
    >
      <EventList events={filtered(events, filter)} label="Events" />
    </Panel>
  )
}

const LastAct = ({ act }: { readonly act: Act | null }) => (
  <Panel title={act === null ? 'Last act' : describeAct(act)}>
    {act === null ? (
      <EmptyNote title="Nothing was done yet" text="The steps and logs of the last deployment or change appear here." />
    ) : (
      <>
        <p className={css.when}>
          Began {renderTime(act.startedAtMs)} · <Elapsed sinceMs={act.startedAtMs} untilMs={act.endedAtMs} />
        </p>
        <StepList steps={act.steps} withProblems />
      </>
    )}
  </Panel>
)

/** What happened: events, and the steps and logs of the last act. */
export const Activity = () => {
  const act = useDeployment((state) => state.view?.act ?? null)
  return (
    <Page title="Activity" lead="What Cloud Mole did, step by step, and what happened to the tunnels.">
      <div className={css.columns}>
        <Events />
        <LastAct act={act} />
      </div>
    </Page>
  )
}
