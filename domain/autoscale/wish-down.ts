import type { Autoscale } from '../autoscale.ts'
import { elephantsAsk } from './flows.ts'
import type { Load } from './load.ts'
import type { Look } from './look.ts'
import { atFloor, belowThreshold, between, doubtfulHold, lowNotLongEnough, needsThem } from './reasons.ts'
import type { AutoscaleState, Recent } from './state.ts'
import { tunnelsFor } from './target.ts'
import type { Wish } from './wish.ts'

/** Before a tunnel was ever full, what it carries at least says how low utilisation is at the most. */
const isLow = ({ utilisation, utilisationAtMost }: Load, { downThreshold }: Autoscale): boolean =>
  (utilisation ?? utilisationAtMost ?? Number.POSITIVE_INFINITY) < downThreshold

/** Since when utilisation has been low, after this look. Tunnels that do not answer make every figure doubtful. Pure. */
export const lowAfter = ({ low }: Recent, look: Look, settings: Autoscale, load: Load): Recent['low'] => {
  if (!isLow(load, settings) || load.doubtful.length > 0) return null
  if (low === null) return { sinceMs: look.atMs, peakBitsPerSecond: load.goodput }
  return { ...low, peakBitsPerSecond: Math.max(low.peakBitsPerSecond, load.goodput) }
}

/** Fewest tunnels that the most carried lately leaves room on, and at which elephants would not ask for another at once. */
const targetDown = (look: Look, settings: Autoscale, load: Load, peak: number): number => {
  let tunnels = Math.max(look.fewest, load.atLeast === null ? look.tunnels : tunnelsFor(peak, load.atLeast, settings))
  while (tunnels < look.tunnels && elephantsAsk(look, settings, load, tunnels)) tunnels += 1
  return tunnels
}

/** Whether tunnels ought to be removed, or why not. Pure. */
export const wishDown = ({ memory, recent }: AutoscaleState, look: Look, settings: Autoscale, load: Load): Wish => {
  const { low } = recent
  if (load.doubtful.length > 0) return { action: 'hold', cause: 'doubtful', reason: doubtfulHold(load) }
  if (low === null) return { action: 'hold', cause: 'between', reason: between(load, settings) }
  if (look.tunnels <= look.fewest) return { action: 'hold', cause: 'floor', reason: atFloor(load, look) }
  const lowMs = look.atMs - low.sinceMs
  const unchangedMs = look.atMs - (memory.changedAtMs ?? Number.NEGATIVE_INFINITY)
  if (Math.min(lowMs, unchangedMs) < settings.downCooldownMs)
    return { action: 'hold', cause: 'low', reason: lowNotLongEnough(load, settings, lowMs) }
  const to = targetDown(look, settings, load, low.peakBitsPerSecond)
  if (to >= look.tunnels) return { action: 'hold', cause: 'needed', reason: needsThem(load, look) }
  const reason = `${belowThreshold(load, settings, lowMs, low.peakBitsPerSecond)}.`
  return { action: 'down', to, reason, isPressed: false }
}
