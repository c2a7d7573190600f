import { setTimeout as delay } from 'node:timers/promises'

/** Time as the engine sees it; tests bring their own. */
export type Clock = {
  /** Milliseconds since the epoch: for people. It may jump. */
  wallMs(): number
  /** Milliseconds that only ever grow: for measuring. */
  monotonicMs(): number
  /** Resolves after `ms` milliseconds, or at once when `signal` aborts; it never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined),
}
