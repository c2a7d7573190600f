import type { EventOf } from '../../contract/define.ts'
import { MoleError } from '../../contract/errors.ts'
import type { HelperContract } from '../../contract/helper.ts'
import type { Clock } from '../clock.ts'
import type { HelperClient } from '../cloud/provider.ts'

type WatchEvent = EventOf<HelperContract, 'watch'>

/** A helper that says nothing for so long is as good as dead; it speaks once a second. */
const STALL_MS = 5000

/**
 * Follows the helper's samples until the connection ends, the helper falls silent, or `signal` aborts.
 * @throws MoleError `helper-unreachable` when it fell silent, or what the stream ended with.
 */
export const followHelper = async (
  helper: HelperClient,
  clock: Clock,
  signal: AbortSignal,
  onEvent: (event: WatchEvent) => void,
): Promise<void> => {
  const stall = new AbortController()
  const both = AbortSignal.any([signal, stall.signal])
  let heardMs = clock.monotonicMs()
  const guard = async (): Promise<void> => {
    while (!both.aborted) {
      await clock.sleep(STALL_MS / 5, both)
      if (clock.monotonicMs() - heardMs > STALL_MS) stall.abort()
    }
  }
  void guard()
  try {
    for await (const event of helper.stream('watch', {}, { signal: both })) {
      heardMs = clock.monotonicMs()
      onEvent(event)
    }
  } catch (error) {
    if (signal.aborted) return
    throw stall.signal.aborted ? silent() : error
  } finally {
    stall.abort()
  }
}

const silent = (): MoleError =>
  new MoleError('helper-unreachable', `The helper has said nothing for ${STALL_MS / 1000} s.`, {
    field: 'helper',
    meaning: 'The tunnels may still carry traffic, but they are not being watched.',
    nextStep: 'Cloud Mole tries to reach it again by itself.',
  })
