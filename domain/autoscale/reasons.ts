import type { Autoscale } from '../autoscale.ts'
import { renderBitRate, renderSpan, renderVolume } from '../planner/figures.ts'
import type { Load } from './load.ts'
import type { FlowSeen, Look } from './look.ts'
import type { Verdict } from './trial.ts'

/*
 * What decisions say of themselves: one sentence each, with the figures they were made by.
 */

const percent = (share: number): string => `${Math.round(share * 100)} %`

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

const span = (ms: number): string => renderSpan(Math.max(0, ms) / 1000)

/** `152 Mbit/s of 2 × 95.0 Mbit/s` */
const carried = ({ goodput, atLeast, answering }: Load): string =>
  atLeast === null
    ? `${renderBitRate(goodput)} over ${counted(answering, 'tunnel')}`
    : `${renderBitRate(goodput)} of ${answering} × ${renderBitRate(atLeast)}`

/** `Utilisation is 80 % (152 Mbit/s of 2 × 95.0 Mbit/s)` */
const utilisation = (load: Load): string => {
  if (load.utilisation !== null) return `Utilisation is ${percent(load.utilisation)} (${carried(load)})`
  if (load.utilisationAtMost !== null)
    return `No tunnel was ever full; utilisation is at most ${percent(load.utilisationAtMost)} (${carried(load)})`
  return `Utilisation is not known, for nothing was carried yet (${carried(load)})`
}

export const aboveThreshold = (load: Load, { upThreshold }: Autoscale): string =>
  `${utilisation(load)}, above ${percent(upThreshold)}`

export const allFull = (load: Load): string =>
  load.answering === 1
    ? `The tunnel is full at ${renderBitRate(load.latest)}: its rate is level and its echo slow or lost`
    : `All ${load.answering} tunnels are full at ${renderBitRate(load.latest)}: their rates are level and their echoes slow or lost`

export const elephantMoves = (elephants: readonly FlowSeen[], pressing: number): string => {
  const bytes = Math.max(...elephants.map((flow) => flow.bytes))
  const what = elephants.length === 1 ? 'An elephant flow has' : `${elephants.length} elephant flows have`
  const how = elephants.some(({ spreads }) => spreads)
    ? 'and uses every tunnel there is'
    : `and ${counted(pressing, 'flow')} could use a tunnel each`
  return `${what} moved ${elephants.length === 1 ? '' : 'up to '}${renderVolume(bytes)}, ${how}`
}

export const noUse = (flows: number, tunnels: number): string =>
  `each flow rides one tunnel, so ${counted(flows, 'flow')} could not use more than ${counted(tunnels, 'tunnel')}`

export const gaveNothingBefore = (untilMs: number, atMs: number): string =>
  `the last step up gave nothing, and nothing has changed since; it is tried again in ${span(untilMs - atMs)}`

export const coolingDown = (untilMs: number, atMs: number, cooldownMs: number): string =>
  `the number of tunnels changed less than ${span(cooldownMs)} ago, so nothing is added for another ${span(untilMs - atMs)}`

export const settling = ({ from, to }: Verdict['trial']): string =>
  `It is still being measured what the step from ${from} to ${to} tunnels gave.`

export const gaveNothing = ({ trial, afterBitsPerSecond }: Verdict): string =>
  `The step from ${counted(trial.from, 'tunnel')} to ${trial.to} did not raise goodput: ${renderBitRate(trial.beforeBitsPerSecond)} before, ${renderBitRate(afterBitsPerSecond)} after, while more was still wanted; it is taken back.`

export const outcomeOf = ({ result, trial, afterBitsPerSecond }: Verdict): string => {
  const figures = `${renderBitRate(trial.beforeBitsPerSecond)} before, ${renderBitRate(afterBitsPerSecond)} after`
  if (result === 'raised') return `Goodput rose: ${figures}.`
  if (result === 'not-raised') return `Goodput did not rise: ${figures}. Taken back.`
  return `It made room, and nothing more is wanted for now: ${figures}.`
}

const doubtfulTunnels = (slots: readonly number[]): string =>
  slots.length === 1 ? `Tunnel ${slots[0]} loses echoes` : `Tunnels ${slots.join(', ')} lose echoes`

export const doubtfulHold = (load: Load): string =>
  `${doubtfulTunnels(load.doubtful)}, which may be why only ${renderBitRate(load.goodput)} are carried.`

export const belowThreshold = (load: Load, settings: Autoscale, lowMs: number, peak: number): string =>
  `${utilisation(load)}, below ${percent(settings.downThreshold)} for ${span(lowMs)}; the most carried meanwhile was ${renderBitRate(peak)}`

export const lowNotLongEnough = (load: Load, settings: Autoscale, lowMs: number): string =>
  `${utilisation(load)}, below ${percent(settings.downThreshold)} for ${span(lowMs)}; tunnels are removed after ${span(settings.downCooldownMs)} of it.`

export const atFloor = (load: Load, look: Look): string =>
  `${utilisation(load)}, and ${counted(look.tunnels, 'tunnel')} are the fewest allowed.`.replace(
    '1 tunnel are',
    '1 tunnel is',
  )

export const needsThem = (load: Load, look: Look): string =>
  `${utilisation(load)}, and on fewer than ${counted(look.tunnels, 'tunnel')} it would be too high.`

export const between = (load: Load, { downThreshold, upThreshold }: Autoscale): string =>
  load.utilisation === null
    ? `${utilisation(load)}.`
    : `${utilisation(load)}, between ${percent(downThreshold)} and ${percent(upThreshold)}.`
