import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import type { Store } from './store/store.ts'

/** Remembers which profile was connected when. It is for people to see: where it fails, what it is about goes on. */
export type ProfileUses = {
  /** When a profile was last connected, in milliseconds since the epoch; `null` when it never was. */
  last(name: string): number | null
  connected(name: string): void
  renamed(name: string, to: string): void
}

export const openProfileUses = (store: Store, clock: Clock, log: Log): ProfileUses => {
  const noting = (note: () => void): void => {
    try {
      note()
    } catch (error) {
      log.error({ error: String(error) }, 'the use of a profile could not be noted')
    }
  }
  return {
    last: store.lastProfileUse,
    connected: (name) => noting(() => store.noteProfileUse(name, clock.wallMs())),
    renamed: (name, to) => noting(() => store.renameProfileUse(name, to)),
  }
}
