import type { ActivityEvent } from '../../contract/app.ts'
import { bastionOfSlot } from '../../domain/tunnel-plan.ts'
import type { TunnelHealth } from '../telemetry/health.ts'
import type { Health } from './view.ts'

type Told = Pick<ActivityEvent, 'level' | 'kind' | 'text'>
type Healths = ReadonlyMap<number, Health>

const isDead = (healths: Iterable<Health>): boolean => {
  const all = [...healths]
  return all.length > 0 && all.every((health) => health === 'silent')
}

const silentText = (slot: number, now: ReadonlyMap<number, TunnelHealth>): string => {
  const carrying = [...now.values()].filter(({ carries, health }) => carries && health !== 'silent').length
  const rest = carrying === 0 ? '' : ` It is out of the route; ${carrying} of ${now.size} tunnels carry on.`
  return `Nothing comes back through tunnel ${slot}.${rest}`
}

const tellOne = (slot: number, before: Health, now: ReadonlyMap<number, TunnelHealth>): Told[] => {
  const health = now.get(slot)?.health
  if (health === 'silent') return [{ level: 'warning', kind: 'tunnel.silent', text: silentText(slot, now) }]
  if (health === 'degraded')
    return [{ level: 'warning', kind: 'tunnel.degraded', text: `Part of the echoes through tunnel ${slot} is lost.` }]
  if (health !== 'up') return []
  if (before === 'silent')
    return [{ level: 'info', kind: 'tunnel.up', text: `Tunnel ${slot} answers again, and carries.` }]
  return before === 'degraded'
    ? [{ level: 'info', kind: 'tunnel.whole', text: `No echo through tunnel ${slot} is lost any more.` }]
    : []
}

/** What is to be told of tunnels whose health is another than before. Pure. */
export const tellHealth = (before: Healths, now: ReadonlyMap<number, TunnelHealth>): Told[] => {
  const changed = [...now].filter(([slot, { health }]) => (before.get(slot) ?? 'unknown') !== health)
  const [wasDead, dead] = [isDead(before.values()), isDead([...now.values()].map(({ health }) => health))]
  const alarm: Told = {
    level: 'error',
    kind: 'bundle.dead',
    text: 'No tunnel answers: nothing gets through, and nothing goes another way.',
  }
  const relief: Told = { level: 'info', kind: 'bundle.alive', text: 'The tunnels answer again.' }
  return [
    ...(dead && !wasDead ? [alarm] : []),
    ...(wasDead && !dead ? [relief] : []),
    ...changed.flatMap(([slot]) => tellOne(slot, before.get(slot) ?? 'unknown', now)),
  ]
}

/** Whether all tunnels of one bastion are silent that were not before. Pure. */
export const hasSilentBastion = (before: Healths, now: Healths): boolean => {
  const silent = (healths: Healths, bastion: number): boolean =>
    isDead([...healths].flatMap(([slot, health]) => (bastionOfSlot(slot) === bastion ? [health] : [])))
  return [...new Set([...now.keys()].map(bastionOfSlot))].some(
    (bastion) => silent(now, bastion) && !silent(before, bastion),
  )
}
