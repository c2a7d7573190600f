import type { TunnelView } from '../../../contract/app.ts'
import type { HealthLevel } from '../../ui/Health.tsx'

type Health = { readonly level: HealthLevel; readonly text: string }

const STATES: Readonly<Record<TunnelView['health'], Health>> = {
  up: { level: 'good', text: 'Up' },
  degraded: { level: 'warn', text: 'Degraded' },
  silent: { level: 'bad', text: 'No answer' },
  unknown: { level: 'unknown', text: 'Measuring' },
}

/** A tunnel's health in words, with what is known of the cause, and whether it is in the route. */
export const healthOf = (tunnel: TunnelView): Health => {
  const out = tunnel.carries ? '' : ', out of route'
  if (tunnel.pathBroken) return { level: 'bad', text: `Path broken${out}` }
  // It answers again, and is not trusted yet.
  if (tunnel.health === 'up' && !tunnel.carries) return { level: 'warn', text: 'Up, not yet in route' }
  const { level, text } = STATES[tunnel.health]
  return { level, text: `${text}${out}` }
}
