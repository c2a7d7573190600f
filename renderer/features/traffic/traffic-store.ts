import { create } from 'zustand'
import type { TrafficState } from '../../../contract/app.ts'
import { followStream } from '../../app/follow-stream.ts'
import type { EngineClient } from '../../connection.ts'

/** The lab's traffic generator as the engine last told it. */
type Traffic = {
  readonly traffic: TrafficState | null
  /** When it was told, by this computer's clock: a rate nobody renews is no rate. */
  readonly heardAtMs: number
}

export const useTraffic = create<Traffic>()(() => ({ traffic: null, heardAtMs: 0 }))

export const followTraffic = (client: EngineClient, signal: AbortSignal): Promise<void> =>
  followStream(client, 'traffic.watch', {}, signal, (traffic) =>
    useTraffic.setState({ traffic, heardAtMs: Date.now() }),
  )
