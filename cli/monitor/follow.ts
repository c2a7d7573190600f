import type { Engine } from '../world.ts'
import { type Monitor, NOTHING_SEEN, withEvents, withSamples, withView } from './model.ts'

/** What made the picture new: a sample is what counts as progress. */
export type Change = 'view' | 'sample' | 'events'

/**
 * Follows the deployment, its telemetry and its events until `signal` aborts, telling of each change.
 * @throws MoleError when the engine goes away or a stream breaks.
 */
export const followMonitor = async (
  engine: Engine,
  signal: AbortSignal,
  onChange: (monitor: Monitor, change: Change) => void,
): Promise<void> => {
  let monitor = NOTHING_SEEN
  // One stream that ends must not leave the others behind.
  const over = new AbortController()
  const both = { signal: AbortSignal.any([signal, over.signal]) }
  const show = (next: Monitor, change: Change): void => {
    monitor = next
    if (!both.signal.aborted) onChange(monitor, change)
  }
  const views = async (): Promise<void> => {
    for await (const view of engine.stream('deployment.watch', {}, both)) show(withView(monitor, view), 'view')
  }
  const samples = async (): Promise<void> => {
    for await (const event of engine.stream('telemetry.watch', { historySeconds: 60 }, both))
      if (event.kind === 'sample') show(withSamples(monitor, [event.sample]), 'sample')
      else show(withSamples({ ...monitor, samples: [] }, event.samples), 'view')
  }
  const events = async (): Promise<void> => {
    for await (const event of engine.stream('activity.watch', {}, both))
      show(withEvents(monitor, event.kind === 'recent' ? event.events : [event.event]), 'events')
  }
  try {
    await Promise.all([views(), samples(), events()])
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    over.abort()
  }
}
