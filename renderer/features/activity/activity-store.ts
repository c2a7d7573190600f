import { create } from 'zustand'
import type { ActivityEvent } from '../../../contract/app.ts'
import { followStream } from '../../app/follow-stream.ts'
import type { EngineClient } from '../../connection.ts'

const MOST_EVENTS = 500

/** Events, newest first; `null` before the engine told any. */
export const useActivity = create<{ readonly events: readonly ActivityEvent[] | null }>()(() => ({ events: null }))

const newestFirst = (events: readonly ActivityEvent[]): readonly ActivityEvent[] =>
  events.toSorted((a, b) => b.id - a.id).slice(0, MOST_EVENTS)

export const followActivity = (client: EngineClient, signal: AbortSignal): Promise<void> =>
  followStream(client, 'activity.watch', {}, signal, (message) =>
    useActivity.setState(({ events }) => ({
      events: newestFirst(message.kind === 'recent' ? message.events : [message.event, ...(events ?? [])]),
    })),
  )
