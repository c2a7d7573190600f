import type { Autoscale } from '../autoscale.ts'
import { pressingFlows } from './flows.ts'
import { LONGEST_MS, type Load, medianSince } from './load.ts'
import type { Look } from './look.ts'
import { type AutoscaleState, LONGEST_PAUSE_MS, type Memory } from './state.ts'

/** A step up is not judged sooner, however short the cooldown. */
const SHORTEST_SETTLE_MS = 10_000
/** Of the gain that the new tunnels promised so much must show … */
const GAIN_SHARE = 0.25
/** … but no more than this is asked, and no less counts, for it may be chance. */
const MOST_GAIN = 0.1
const LEAST_GAIN = 0.05
/** Demand that is down to less than this of what was carried before has gone away. */
const PERSISTING_SHARE = 0.9
/** What gave nothing is not tried again for so many down cooldowns (an hour), twice as long after each failure … */
const PAUSE_COOLDOWNS = 6
const SHORTEST_PAUSE_MS = 30_000
/** … unless so much more is carried than then. */
const OTHER_LOAD = 1.25

type Trial = NonNullable<Memory['trial']>

/** When a step shows what it gave: once the up cooldown is over. */
const settlesAtMs = ({ sinceMs }: Trial, { upCooldownMs }: Autoscale): number =>
  sinceMs + Math.max(SHORTEST_SETTLE_MS, upCooldownMs)

export type Verdict = {
  /** `unknown`: nothing can be said, for the load went away or tunnels fell silent. */
  readonly result: 'raised' | 'not-raised' | 'unknown'
  /** Median goodput since the bundle settled. */
  readonly afterBitsPerSecond: number
  readonly trial: Trial
}

/** Where flows are not looked at, what is carried as before is taken for what is wanted as before. */
const stillWanted = (after: number, before: number, look: Look): boolean =>
  look.flows === null ? after >= PERSISTING_SHARE * before : pressingFlows(look).length > 0

const leastGain = ({ from, to }: Trial): number =>
  Math.max(LEAST_GAIN, Math.min(MOST_GAIN, GAIN_SHARE * (to / from - 1)))

const resultOf = (trial: Trial, after: number, look: Look, load: Load): Verdict['result'] => {
  const { beforeBitsPerSecond: before, isPressed } = trial
  if (after >= before * (1 + leastGain(trial))) return 'raised'
  if (!isPressed || load.doubtful.length > 0) return 'unknown'
  return load.isFull || stillWanted(after, before, look) ? 'not-raised' : 'unknown'
}

/** What became of the last step up; `null` without one, and while it has not settled. Pure. */
export const judgeTrial = (
  { memory: { trial }, recent }: AutoscaleState,
  settings: Autoscale,
  look: Look,
  load: Load,
): Verdict | null => {
  if (trial === null) return null
  const endMs = settlesAtMs(trial, settings)
  if (look.atMs < endMs) return null
  const halfMs = (endMs - trial.sinceMs) / 2
  const afterBitsPerSecond = medianSince(recent, look.atMs - Math.min(halfMs, LONGEST_MS))
  return { result: resultOf(trial, afterBitsPerSecond, look, load), afterBitsPerSecond, trial }
}

const pauseMs = (failures: number, { downCooldownMs }: Autoscale): number =>
  Math.min(
    LONGEST_PAUSE_MS,
    Math.max(SHORTEST_PAUSE_MS, PAUSE_COOLDOWNS * downCooldownMs) * 2 ** Math.min(failures, 12),
  )

/** What is remembered once a step was judged. Pure. */
export const memoryAfter = (memory: Memory, { result, trial }: Verdict, settings: Autoscale, look: Look): Memory => {
  if (result === 'unknown') return { ...memory, trial: null }
  if (result === 'raised') return { ...memory, trial: null, block: null, failures: 0 }
  const block = {
    bitsPerSecond: trial.beforeBitsPerSecond,
    flows: pressingFlows(look).length,
    carriage: look.carriage,
    untilMs: look.atMs + pauseMs(memory.failures, settings),
  }
  return { ...memory, trial: null, block, failures: memory.failures + 1 }
}

/** What is remembered once a step up could not be made: it is tried again as late as one that gave nothing. Pure. */
export const memoryAfterFailure = (memory: Memory, settings: Autoscale, carriage: string, atMs: number): Memory => {
  const { trial } = memory
  if (trial === null) return memory
  const block = {
    bitsPerSecond: trial.beforeBitsPerSecond,
    // Why it could not be made has nothing to do with flows.
    flows: Number.MAX_SAFE_INTEGER,
    carriage,
    untilMs: atMs + pauseMs(memory.failures, settings),
  }
  return { ...memory, tunnels: trial.from, changedAtMs: atMs, trial: null, block, failures: memory.failures + 1 }
}

/** Whether things are no longer as they were when a step gave nothing. Pure. */
export const hasChanged = (block: NonNullable<Memory['block']>, look: Look, load: Load): boolean =>
  look.atMs >= block.untilMs ||
  look.carriage !== block.carriage ||
  load.goodput > OTHER_LOAD * block.bitsPerSecond ||
  pressingFlows(look).length > block.flows
