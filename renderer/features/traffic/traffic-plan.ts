import { create } from 'zustand'

/** While it is being typed a number may be empty. */
export type TrafficDraft = {
  readonly streams: number | string
  readonly durationSeconds: number | string
  readonly direction: 'upload' | 'download'
}

/** What the person set, kept while they look at other pages. */
export const useTrafficPlan = create<TrafficDraft>()(() => ({ streams: 8, durationSeconds: 30, direction: 'upload' }))
