import type { ActivityEvent, DeploymentView, TelemetrySample } from '../../contract/app.ts'

/** Everything the dashboard shows. */
export type Monitor = {
  /** `null` until the engine has said it. */
  readonly view: DeploymentView | null
  /** The last minute, oldest first. */
  readonly samples: readonly TelemetrySample[]
  /** The last few, newest first. */
  readonly events: readonly ActivityEvent[]
}

export const NOTHING_SEEN: Monitor = { view: null, samples: [], events: [] }

const SAMPLES_AT_MOST = 60
const EVENTS_AT_MOST = 5

export const withView = (monitor: Monitor, view: DeploymentView): Monitor => ({
  ...monitor,
  view,
  // What an earlier deployment carried is not this one's.
  samples: view.id === monitor.view?.id || monitor.view === null ? monitor.samples : [],
})

export const withSamples = (monitor: Monitor, samples: readonly TelemetrySample[]): Monitor => ({
  ...monitor,
  samples: [...monitor.samples, ...samples].slice(-SAMPLES_AT_MOST),
})

export const withEvents = (monitor: Monitor, events: readonly ActivityEvent[]): Monitor => ({
  ...monitor,
  events: [...events].reverse().concat(monitor.events).slice(0, EVENTS_AT_MOST),
})

/** One direction of the whole bundle, or of one tunnel, over the samples; in bits per second. */
export const ratesOf = (
  samples: readonly TelemetrySample[],
  direction: 'upBitsPerSecond' | 'downBitsPerSecond',
  slot?: number,
): number[] =>
  samples.map(({ tunnels }) =>
    tunnels
      .filter((tunnel) => slot === undefined || tunnel.slot === slot)
      .reduce((sum, tunnel) => sum + tunnel[direction], 0),
  )
