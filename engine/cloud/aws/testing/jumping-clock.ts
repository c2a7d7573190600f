import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../../../clock.ts'

export type JumpingClock = Clock & {
  /** How much of its time has passed without anybody having waited, ms. */
  jumpedMs(): number
  /** Says when something is under way, which takes the time it takes. */
  watch(work: Work): void
}

/** `count`: what was begun so far; `settle` waits for the end of what AWS does by itself. */
type Work = { count(): number; settle(): Promise<void> }

/** With nothing new for so long everybody waits. */
const QUIET_MS = 15

/**
 * A clock that goes like any other, but on which waiting takes no time: when all who are about to do something wait, it is
 * at once as late as the first of them waits for.
 */
export const jumpingClock = (): JumpingClock => {
  const sleepers = new Set<{ readonly untilMs: number; readonly wake: () => void }>()
  let work: Work = { count: () => 0, settle: async () => undefined }
  let jumped = 0
  let isPumping = false
  const nowMs = (): number => performance.now() + jumped

  const quiet = async (): Promise<void> => {
    for (;;) {
      const before = work.count()
      await work.settle()
      await delay(QUIET_MS)
      if (work.count() === before) return
    }
  }

  const pump = async (): Promise<void> => {
    if (isPumping) return
    isPumping = true
    while (sleepers.size > 0) {
      await quiet()
      const first = Math.min(...[...sleepers].map(({ untilMs }) => untilMs))
      if (Number.isFinite(first)) jumped += Math.max(0, first - nowMs())
      for (const { untilMs, wake } of [...sleepers]) if (untilMs <= nowMs()) wake()
    }
    isPumping = false
  }

  return {
    wallMs: () => Math.round(Date.now() + jumped),
    monotonicMs: nowMs,
    sleep: (ms, signal) => {
      if (signal?.aborted === true) return Promise.resolve()
      const { promise, resolve } = Promise.withResolvers<void>()
      const sleeper = {
        untilMs: nowMs() + ms,
        wake: () => {
          sleepers.delete(sleeper)
          resolve()
        },
      }
      sleepers.add(sleeper)
      signal?.addEventListener('abort', sleeper.wake, { once: true })
      void pump()
      return promise
    },
    jumpedMs: () => jumped,
    watch: (next) => {
      work = next
    },
  }
}
