import type { AppContract } from '../../contract/app.ts'
import type { EventOf, InputOf, StreamName } from '../../contract/define.ts'
import type { EngineClient } from '../connection.ts'

const AGAIN_AFTER_MS = 1000

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })

/**
 * Hands every event of a stream to `onEvent` until `signal` aborts. A stream that ends while the connection lives
 * (the tab slept and fell behind) is opened again: its first event is the whole state, so nothing is lost.
 * `onProblem` is told why it ended.
 */
export const followStream = async <K extends StreamName<AppContract>>(
  client: EngineClient,
  name: K,
  input: InputOf<AppContract, K>,
  signal: AbortSignal,
  onEvent: (event: EventOf<AppContract, K>) => void,
  onProblem?: (error: unknown) => void,
): Promise<void> => {
  while (!signal.aborted) {
    try {
      for await (const event of client.stream(name, input, { signal })) onEvent(event)
    } catch (error) {
      if (signal.aborted) return
      console.warn(`${name} ended`, error)
      onProblem?.(error)
    }
    await pause(AGAIN_AFTER_MS, signal)
  }
}
