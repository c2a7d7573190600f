import type { TunnelView } from '../../../contract/app.ts'
import type { HealthLevel } from '../../ui/Health.tsx'

type Health = { readonly level: HealthLevel; readonly text: string }

/** Why a tunnel carries nothing, in words; `null` where it is in the route. */
export const routeNote = ({ carries, health }: TunnelView): string | null => {
  if (carries) return null
  // It answers again, and is not trusted yet.
  return health === 'up' ? 'not yet in the route' : 'out of the route'
}

const STATES: Readonly<Record<TunnelView['health'], Health>> = {
  up: { level: 'good', text: 'Up' },
  degraded: { level: 'warn', text: 'Degraded' },
  silent: { level: 'bad', text: 'No answer' },
  unknown: { level: 'unknown', text: 'Measuring' },
}

/** A tunnel's health in words, with what is known of the cause. */
export const healthOf = ({ pathBroken, health }: TunnelView): Health =>
  pathBroken ? { level: 'bad', text: 'Path broken' } : STATES[health]
