import { create } from 'zustand'

export type TrafficPlan = {
  readonly streams: number
  readonly durationSeconds: number
  readonly direction: 'upload' | 'download'
}

/** What the person set, kept while they look at other pages. */
export const useTrafficPlan = create<TrafficPlan>()(() => ({ streams: 8, durationSeconds: 30, direction: 'upload' }))
