import { create } from 'zustand'
import type { TrafficState } from '../../../contract/app.ts'
import { followStream } from '../../app/follow-stream.ts'
import type { EngineClient } from '../../connection.ts'

/** The lab's traffic generator as the engine last told it. */
export const useTraffic = create<{ readonly traffic: TrafficState | null }>()(() => ({ traffic: null }))

export const followTraffic = (client: EngineClient, signal: AbortSignal): Promise<void> =>
  followStream(client, 'traffic.watch', {}, signal, (traffic) => useTraffic.setState({ traffic }))
