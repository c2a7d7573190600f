import { MoleError } from '../../contract/errors.ts'
import type { Clock } from '../clock.ts'

/**
 * Runs `work` with a time limit. Its signal aborts at the limit and when `outer` aborts, and this settles
 * then even if `work` does not listen.
 * @throws MoleError `timeout`, naming `what`; or the reason of `outer`.
 */
export const withLimit = async <T>(
  what: string,
  limitMs: number,
  clock: Clock,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  outer.throwIfAborted()
  const inner = new AbortController()
  const over = new AbortController()
  const signal = AbortSignal.any([outer, inner.signal])
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: over.signal })
  })
  void clock.sleep(limitMs, over.signal).then(() => {
    if (!over.signal.aborted) inner.abort(tooSlow(what, limitMs))
  })
  const working = work(signal)
  try {
    return await Promise.race([working, stopped])
  } catch (error) {
    // What undoes it must not run beside it: leave it a moment to stop.
    if (signal.aborted) await Promise.race([working.catch(() => undefined), clock.sleep(GRACE_MS)])
    throw error
  } finally {
    over.abort()
  }
}

const GRACE_MS = 1000

const tooSlow = (what: string, limitMs: number): MoleError =>
  new MoleError('timeout', `${what} took longer than ${limitMs / 1000} s.`, {
    field: what,
    meaning: 'It was given up.',
    nextStep: 'Try again; if it happens again, look at the log of this step and run "mole doctor".',
  })
