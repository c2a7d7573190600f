import type { Clock } from '../../clock.ts'

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 10_000

/** Exponential, and by half at random, so that several who were refused do not come back together. */
const pauseMs = (attempt: number): number =>
  Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * (0.5 + Math.random() / 2)

/**
 * Does `work` again and again while its error is one that passes.
 * @param patienceMs how long such an error is put up with, from the first try on; 0 for one that does not pass
 * @throws whatever `work` threw last
 */
export const retrying = async <T>(
  work: () => Promise<T>,
  patienceMs: (error: unknown) => number,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<T> => {
  const startedMs = clock.monotonicMs()
  for (let attempt = 0; ; attempt += 1) {
    signal.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      const pause = pauseMs(attempt)
      if (clock.monotonicMs() + pause - startedMs > patienceMs(error)) throw error
      await clock.sleep(pause, signal)
    }
  }
}
