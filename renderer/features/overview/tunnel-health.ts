import type { TunnelView } from '../../../contract/app.ts'
import type { HealthLevel } from '../../ui/Health.tsx'

/** A tunnel's health in words, with what is known of the cause. */
export const healthOf = (tunnel: TunnelView): { readonly level: HealthLevel; readonly text: string } => {
  if (tunnel.pathBroken) return { level: 'bad', text: 'Path broken' }
  if (tunnel.health === 'up') return { level: 'good', text: 'Up' }
  return tunnel.health === 'silent' ? { level: 'bad', text: 'No answer' } : { level: 'unknown', text: 'Measuring' }
}
