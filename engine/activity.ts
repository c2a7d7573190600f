import type { ActivityEvent, AppContract } from '../contract/app.ts'
import type { EventOf } from '../contract/define.ts'
import type { Clock } from './clock.ts'
import { openQueue } from './queue.ts'
import type { Store } from './store/store.ts'

type ActivityFeed = EventOf<AppContract, 'activity.watch'>

/** What happened, for people: kept over restarts, and followed live. */
export type Activity = {
  add(level: ActivityEvent['level'], kind: string, text: string): void
  stream(signal: AbortSignal): AsyncGenerator<ActivityFeed, void, void>
  /** What happens from here on is not recorded: the store is closing. */
  close(): void
}

const RECENT = 200
const UNREAD_LIMIT = 1000

export const openActivity = (store: Pick<Store, 'addEvent' | 'recentEvents'>, clock: Clock): Activity => {
  let closed = false
  let unrecorded = 0
  const readers = new Set<(event: ActivityEvent) => void>()

  async function* stream(signal: AbortSignal): AsyncGenerator<ActivityFeed, void, void> {
    const queue = openQueue<ActivityFeed>(UNREAD_LIMIT, 'fail')
    const read = (event: ActivityEvent): void => queue.push({ kind: 'event', event })
    queue.push({ kind: 'recent', events: store.recentEvents(RECENT) })
    readers.add(read)
    try {
      yield* queue.values(signal)
    } finally {
      readers.delete(read)
    }
  }

  /** What cannot be written down is told all the same: a full disk must not stop the act that it is about. */
  const record = (event: Omit<ActivityEvent, 'id'>): ActivityEvent => {
    try {
      return store.addEvent(event)
    } catch {
      unrecorded += 1
      return { id: -unrecorded, ...event }
    }
  }

  return {
    add: (level, kind, text) => {
      if (closed) return
      const event = record({ atMs: clock.wallMs(), level, kind, text })
      for (const read of [...readers]) read(event)
    },
    stream,
    close: () => {
      closed = true
    },
  }
}
