import type { Autoscale } from '../autoscale.ts'
import type { Decision } from './decision.ts'
import { elephantsOf } from './flows.ts'
import { type Load, loadOf, observe } from './load.ts'
import type { Look } from './look.ts'
import { gaveNothing, outcomeOf, settling } from './reasons.ts'
import type { AutoscaleState, Memory } from './state.ts'
import { judgeTrial, memoryAfter } from './trial.ts'
import type { Wish } from './wish.ts'
import { lowAfter, wishDown } from './wish-down.ts'
import { wishUp } from './wish-up.ts'

export type Decided = {
  readonly state: AutoscaleState
  /** `null` where it was not time to decide. */
  readonly decision: Decision | null
  /** What came of an earlier step, by when it was decided; `null` where that is not known now. */
  readonly outcome: { readonly ofMs: number; readonly text: string } | null
  /** What was measured; `null` between looks. */
  readonly load: Load | null
}

/** What a change of the number of tunnels means: by ourselves or by others, cooldowns begin when it is done. */
const noticing = (memory: Memory, look: Look): Memory => {
  const trial = memory.trial && { ...memory.trial, sinceMs: look.atMs }
  if (look.isActing) return memory.tunnels === null ? memory : { ...memory, changedAtMs: look.atMs, trial }
  if (memory.tunnels === null) return { ...memory, tunnels: look.tunnels }
  if (memory.tunnels === look.tunnels) return memory
  return { ...memory, tunnels: look.tunnels, changedAtMs: look.atMs, trial: null, block: null, failures: 0 }
}

/** On a grid, so that looks do not drift. */
const nextLook = (nextMs: number, atMs: number, intervalMs: number): number =>
  nextMs > atMs ? nextMs : nextMs + intervalMs * Math.ceil((atMs - nextMs + 1) / intervalMs)

const wishOf = (state: AutoscaleState, settings: Autoscale, look: Look, load: Load): Wish => {
  const { trial } = state.memory
  if (look.obstacle !== null) return { action: 'hold', cause: 'obstacle', reason: look.obstacle }
  if (trial !== null) return { action: 'hold', cause: 'settling', reason: settling(trial) }
  return wishUp(state.memory, look, settings, load) ?? wishDown(state, look, settings, load)
}

type Step = Wish & { action: 'up' | 'down' }

const stepping = (state: AutoscaleState, look: Look, wish: Step, load: Load): AutoscaleState => {
  const trial = {
    from: look.tunnels,
    to: wish.to,
    atMs: look.atMs,
    sinceMs: look.atMs,
    beforeBitsPerSecond: load.latest,
    isPressed: wish.isPressed,
  }
  return {
    memory: { ...state.memory, tunnels: wish.to, changedAtMs: look.atMs, trial: wish.action === 'up' ? trial : null },
    recent: { ...state.recent, low: null },
  }
}

const takingBack = ({ memory, recent }: AutoscaleState, look: Look, to: number): AutoscaleState => ({
  memory: { ...memory, tunnels: to, changedAtMs: look.atMs },
  recent: { ...recent, low: null },
})

/** Switched off, it goes on measuring, and begins nothing that would have to be finished. */
const resting = ({ memory, recent }: AutoscaleState): AutoscaleState => ({
  memory: { ...memory, trial: null },
  recent: { ...recent, low: null },
})

/** Takes one second in, and tells whether it is time to look closer. */
const takeIn = (before: AutoscaleState, settings: Autoscale, look: Look): { state: AutoscaleState; isDue: boolean } => {
  const { memory, recent } = observe({ ...before, memory: noticing(before.memory, look) }, look)
  const elephants = elephantsOf(look, settings).map(({ id }) => id)
  const nextMs = recent.nextLookAtMs ?? look.atMs + settings.intervalMs
  // An elephant is looked at as soon as it is one; it does not wait for the interval.
  const isNew = elephants.some((id) => !recent.elephants.includes(id))
  const isDue = !look.isActing && (look.atMs >= nextMs || isNew)
  // One that turned up during an act is new when the act is over.
  const seen = look.isActing ? recent.elephants : elephants
  const nextLookAtMs = nextLook(Math.min(nextMs, look.atMs + settings.intervalMs), look.atMs, settings.intervalMs)
  return { state: { memory, recent: { ...recent, elephants: seen, nextLookAtMs } }, isDue }
}

/**
 * Decides on the number of tunnels: the specification's thresholds, intervals and cooldowns over what was measured.
 * Called once a second; deterministic, and all it remembers is in the state.
 * @see docs/decisions/013-autoscaling.md
 */
export const decide = (settings: Autoscale, before: AutoscaleState, look: Look): Decided => {
  const { state: taken, isDue } = takeIn(before, settings, look)
  if (!isDue) return { state: taken, decision: null, outcome: null, load: null }
  const load = loadOf(taken, look, settings.intervalMs)
  if (!settings.enabled) return { state: resting(taken), decision: null, outcome: null, load }
  const verdict = look.obstacle === null ? judgeTrial(taken, settings, look, load) : null
  const memory = verdict === null ? taken.memory : memoryAfter(taken.memory, verdict, settings, look)
  const low = lowAfter(taken.recent, look, settings, load)
  // Once the load has gone, what comes next is another.
  const isGone = low !== null && verdict === null
  const state = { memory: isGone ? { ...memory, block: null } : memory, recent: { ...taken.recent, low } }
  const outcome = verdict && { ofMs: verdict.trial.atMs, text: outcomeOf(verdict) }
  const at = { atMs: look.atMs, from: look.tunnels }

  if (verdict?.result === 'not-raised') {
    const to = Math.max(verdict.trial.from, look.fewest)
    const decision: Decision = { ...at, action: 'revert', to, reason: gaveNothing(verdict) }
    return { state: takingBack(state, look, to), decision, outcome, load }
  }
  const wish = wishOf(state, settings, look, load)
  if (wish.action === 'hold') return { state, decision: { ...at, to: look.tunnels, ...wish }, outcome, load }
  const { action, to, reason } = wish
  return { state: stepping(state, look, wish, load), decision: { ...at, action, to, reason }, outcome, load }
}
