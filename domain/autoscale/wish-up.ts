import type { Autoscale } from '../autoscale.ts'
import { elephantsAsk, elephantsOf, pressingFlows, tooFewFlows } from './flows.ts'
import type { Load } from './load.ts'
import type { Look } from './look.ts'
import { aboveThreshold, allFull, coolingDown, elephantMoves, gaveNothingBefore, noUse } from './reasons.ts'
import type { Memory } from './state.ts'
import { targetUp } from './target.ts'
import { hasChanged } from './trial.ts'
import type { Wish } from './wish.ts'

/** From this utilisation on more is wanted than can be carried: a step that helps must show. */
const PRESSED_FROM = 0.95

type Call = { readonly by: 'load' | 'elephant'; readonly why: string; readonly isPressed: boolean }

/** What calls for more tunnels, as the start of a sentence; `null` when nothing does. */
const callFor = (look: Look, settings: Autoscale, load: Load): Call | null => {
  const isAbove = load.utilisation !== null && load.utilisation > settings.upThreshold
  if (isAbove || load.isFull)
    return {
      by: 'load',
      why: isAbove ? aboveThreshold(load, settings) : allFull(load),
      isPressed: load.isFull || (load.utilisation ?? 0) >= PRESSED_FROM,
    }
  if (!elephantsAsk(look, settings, load, look.tunnels)) return null
  const pressing = pressingFlows(look)
  const elephants = elephantsOf(look, settings).filter((flow) => pressing.includes(flow))
  return { by: 'elephant', why: elephantMoves(elephants, pressing.length), isPressed: true }
}

const obstacleTo = (
  memory: Memory,
  look: Look,
  settings: Autoscale,
  load: Load,
): Omit<Wish & { action: 'hold' }, 'action'> | null => {
  const few = tooFewFlows(look, load.goodput, look.tunnels)
  if (few !== null) return { cause: 'no-use', reason: `${noUse(few, look.tunnels)}.` }
  if (memory.block !== null && !hasChanged(memory.block, look, load))
    return { cause: 'blocked', reason: `${gaveNothingBefore(memory.block.untilMs, look.atMs)}.` }
  const untilMs = (memory.changedAtMs ?? Number.NEGATIVE_INFINITY) + settings.upCooldownMs
  if (look.atMs < untilMs)
    return { cause: 'cooldown', reason: `${coolingDown(untilMs, look.atMs, settings.upCooldownMs)}.` }
  return null
}

/** Whether tunnels ought to be added; `null` when nothing calls for it. Pure. */
export const wishUp = (memory: Memory, look: Look, settings: Autoscale, load: Load): Wish | null => {
  const call = callFor(look, settings, load)
  if (call === null) return null
  if (look.tunnels >= look.most.tunnels)
    return { action: 'hold', cause: 'ceiling', reason: `${call.why}; but: ${look.most.reason}` }
  const obstacle = obstacleTo(memory, look, settings, load)
  if (obstacle !== null) return { action: 'hold', ...obstacle, reason: `${call.why}; but ${obstacle.reason}` }
  const to = targetUp(look, load, settings, call.by)
  return { action: 'up', to, reason: `${call.why}.`, isPressed: call.isPressed }
}
