import type { Autoscale } from '../autoscale.ts'
import { MAX_TUNNELS_PER_BASTION } from '../tunnel-plan.ts'
import type { Load } from './load.ts'
import type { Look } from './look.ts'

/** Utilisation that a step aims at: the middle between the thresholds, as far from one as from the other. */
const aimOf = ({ upThreshold, downThreshold }: Autoscale): number => (upThreshold + downThreshold) / 2

/** Against figures such as 3.0000000004 tunnels. */
const ROUNDING = 1e-6

/** Tunnels over which `goodput` is the utilisation that a step aims at, at least one. Pure. */
export const tunnelsFor = (goodput: number, capacity: number, settings: Autoscale): number =>
  Math.max(1, Math.ceil(goodput / (capacity * aimOf(settings)) - ROUNDING))

/** Vertical, then horizontal: the bastions' room is filled first; then one more bastion comes, with all its tunnels. */
const withinRoom = (wanted: number, { tunnels, bastions }: Look): number => {
  const room = bastions * MAX_TUNNELS_PER_BASTION
  return tunnels < room ? Math.min(wanted, room) : room + MAX_TUNNELS_PER_BASTION
}

/** Tunnels after a step up from those there are: what the load needs, but at least one more. Pure. */
export const targetUp = (look: Look, load: Load, settings: Autoscale, by: 'load' | 'elephant'): number => {
  const needed = by === 'elephant' || load.capacity === null ? 0 : tunnelsFor(load.goodput, load.capacity, settings)
  return Math.min(withinRoom(Math.max(needed, look.tunnels + 1), look), look.most.tunnels)
}
