import type { BottleneckName } from './analysis.ts'

/** Where on the way from the application to the far end something lies. */
export type PathPlace = 'application' | 'host' | 'interface' | 'path' | 'far-end'

/** Where each bottleneck lies; `null`: nobody knows. */
export const BOTTLENECK_PLACES: Readonly<Record<BottleneckName, PathPlace | null>> = {
  application: 'application',
  'sender-cpu': 'host',
  'receiver-cpu': 'host',
  'send-buffer': 'host',
  interface: 'interface',
  loss: 'path',
  'flow-policing': 'path',
  'path-capacity': 'path',
  'burst-credit': 'far-end',
  'receiver-window': 'far-end',
  'far-end': 'far-end',
  unknown: null,
}
