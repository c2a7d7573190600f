import { Anchor } from '@mantine/core'
import { Link } from 'wouter'
import { Panel } from '../../ui/Panel.tsx'
import { useActivity } from '../activity/activity-store.ts'
import { EventList } from '../activity/EventList.tsx'

const SHOWN = 7

export const RecentEvents = ({ className }: { readonly className?: string | undefined }) => {
  const events = useActivity((state) => state.events)
  return (
    <Panel
      title="Recent events"
      className={className}
      flush
      aside={
        <Anchor component={Link} href="/activity" size="xs">
          All activity
        </Anchor>
      }
    >
      <EventList events={events?.slice(0, SHOWN) ?? null} label="Recent events" />
    </Panel>
  )
}
