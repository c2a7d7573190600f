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

/** With so many utilisation is still well above the lower threshold: half-way to what a step aims at. */
const stillUsed = (load: Load, settings: Autoscale): number =>
  load.capacity === null
    ? Number.POSITIVE_INFINITY
    : Math.floor((2 * load.goodput) / (load.capacity * (aimOf(settings) + settings.downThreshold)))

/**
 * Tunnels after a step up from those there are: what the load needs, but at least one more. Vertical, then horizontal: the
 * bastions' room is filled first; then comes one more bastion, with all the tunnels that find something to do, so that
 * none of the others' goes. Pure.
 */
export const targetUp = (look: Look, load: Load, settings: Autoscale, by: 'load' | 'elephant'): number => {
  const { tunnels, bastions, most } = look
  const needed = by === 'elephant' || load.capacity === null ? 0 : tunnelsFor(load.goodput, load.capacity, settings)
  const room = bastions * MAX_TUNNELS_PER_BASTION
  const wanted = Math.max(needed, tunnels + 1, tunnels < room ? 0 : stillUsed(load, settings))
  const roomThen = tunnels < room ? room : room + MAX_TUNNELS_PER_BASTION
  return Math.min(wanted, roomThen, most.tunnels)
}
