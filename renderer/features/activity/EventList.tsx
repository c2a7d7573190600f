import { Skeleton } from '@mantine/core'
import type { ActivityEvent } from '../../../contract/app.ts'
import { EmptyNote } from '../../ui/EmptyNote.tsx'
import { renderTime } from '../../ui/format.ts'
import { HealthMark } from '../../ui/Health.tsx'
import css from './EventList.module.css'

const LEVELS = {
  info: { level: 'unknown', word: 'Information' },
  warning: { level: 'warn', word: 'Warning' },
  error: { level: 'bad', word: 'Error' },
} as const

const EventRow = ({ event }: { readonly event: ActivityEvent }) => {
  const { level, word } = LEVELS[event.level]
  return (
    <li className={css.event}>
      <time className={css.time} dateTime={new Date(event.atMs).toISOString()}>
        {renderTime(event.atMs)}
      </time>
      <span className={css.level} title={word}>
        <HealthMark level={level} />
        <span className={css.word}>{word}</span>
      </span>
      <span className={css.text}>{event.text}</span>
      <span className={css.kind}>{event.kind}</span>
    </li>
  )
}

type Props = { readonly events: readonly ActivityEvent[] | null; readonly label: string }

/** Events, newest first. */
export const EventList = ({ events, label }: Props) => {
  if (events === null)
    return (
      <div className={css.waiting} aria-busy="true">
        <Skeleton height={16} width="70%" />
        <Skeleton height={16} width="55%" />
        <Skeleton height={16} width="62%" />
      </div>
    )
  if (events.length === 0)
    return <EmptyNote title="No events yet" text="What is connected, changed, broken or healed is noted here." />
  return (
    <ol className={css.events} aria-label={label}>
      {events.map((event) => (
        <EventRow key={event.id} event={event} />
      ))}
    </ol>
  )
}
