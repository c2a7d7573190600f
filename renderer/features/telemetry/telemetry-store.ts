import { create } from 'zustand'
import type { TelemetrySample } from '../../../contract/app.ts'
import { noteEngineTime } from '../../app/engine-clock.ts'
import { followStream } from '../../app/follow-stream.ts'
import type { EngineClient } from '../../connection.ts'

/** How much of the past the panel keeps. */
const HISTORY_SECONDS = 900

/**
 * Samples of the last quarter of an hour, oldest first. The array is changed in place (a copy a second of 900 samples
 * is waste) and `latest` is what tells React that something is new. `null` before the first message.
 */
type Telemetry = {
  readonly samples: TelemetrySample[]
  readonly latest: TelemetrySample | null
  /** Every tunnel there is, or was, in the samples; the same array as long as nothing comes. Ascending. */
  readonly slots: readonly number[]
  readonly known: boolean
}

export const useTelemetry = create<Telemetry>()(() => ({ samples: [], latest: null, slots: [], known: false }))

const withSlots = (known: readonly number[], samples: readonly TelemetrySample[]): readonly number[] => {
  const all = new Set(known)
  for (const { tunnels } of samples) for (const { slot } of tunnels) all.add(slot)
  return all.size === known.length ? known : [...all].toSorted((a, b) => a - b)
}

const forgetOld = (samples: TelemetrySample[], nowMs: number): void => {
  const keep = samples.findIndex((sample) => sample.atMs >= nowMs - HISTORY_SECONDS * 1000)
  if (keep > 0) samples.splice(0, keep)
}

const append = (sample: TelemetrySample): void => {
  const { samples, slots } = useTelemetry.getState()
  noteEngineTime(sample.atMs)
  samples.push(sample)
  forgetOld(samples, sample.atMs)
  useTelemetry.setState({ samples, latest: sample, slots: withSlots(slots, [sample]), known: true })
}

const begin = (samples: readonly TelemetrySample[]): void => {
  const own = [...samples]
  useTelemetry.setState({ samples: own, latest: own.at(-1) ?? null, slots: withSlots([], own), known: true })
}

export const followTelemetry = (client: EngineClient, signal: AbortSignal): Promise<void> =>
  followStream(client, 'telemetry.watch', { historySeconds: HISTORY_SECONDS }, signal, (message) =>
    message.kind === 'history' ? begin(message.samples) : append(message.sample),
  )
