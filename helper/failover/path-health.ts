import type { InterfaceSample } from '../../contract/helper.ts'
import type { Probe } from '../../domain/carriage.ts'
import { makeEchoTiming } from './echo-timing.ts'
import { makeHoldDown } from './hold-down.ts'
import { makeLossEstimate } from './loss-estimate.ts'

export type Verdict = InterfaceSample['verdict']

/** What is to be done now: send the echo of this sequence number or none, and come back after so long. */
export type Attendance = { readonly send: number | null; readonly waitMs: number }

/** Whether one tunnel's path lives. All times are those of one monotonic clock, in ms. */
export type PathHealth = {
  /**
   * Looks at the path. To be called once after each `waitMs`, after all echoes that have arrived were told: what was not
   * read yet cannot be missed.
   */
  readonly attend: (nowMs: number) => Attendance
  readonly answered: (sequence: number, nowMs: number) => void
  readonly verdict: () => Verdict
  /** An echo came back lately enough for the path to be worth turning to. */
  readonly isAnswering: (nowMs: number) => boolean
  /** Dead, but five echoes in a row came back. */
  readonly isFit: () => boolean
  /** The time for which it has to stay out of the route has passed. */
  readonly isHoldOver: (nowMs: number) => boolean
  /** Takes a fit path for living again. */
  readonly readmit: () => void
}

export type PathSettings = {
  readonly probe: () => Probe
  /** How it begins: not known, or dead, as a former life of this helper has left it. */
  readonly begin: 'unknown' | 'dead'
}

type Echo = { readonly sequence: number; readonly sentMs: number; readonly heldMs: number; readonly isRegular: boolean }

/** Good echoes in a row that bring a path back. */
const GOOD_RUN = 5
/** WireGuard's first handshake and the far end's start take a while: a path that never answered is dead after this. */
const FIRST_ANSWER_MS = 2000
/** A timer this late counts as on time; what is more was spent elsewhere. */
const SLACK_MS = 10
/** Confirming echoes fit into the time until the verdict this many times, … */
const CONFIRMATIONS = 40
/** … and follow each other no faster. */
const CLOSEST_MS = 5
/** More unanswered echoes than this are of no interest. */
const MOST_ECHOES = 512

/**
 * The state machine of one path. After the first echo that is late it sends confirming ones in quick succession, so that
 * chance loss, even of more than half, is not taken for death. Time counts only as far as somebody was there to see it: a
 * late timer adds no more than it was to wait, so that a stopped process, a garbage collection, a suspended machine or a
 * starved one cannot make a path look dead.
 */
export const makePathHealth = ({ probe, begin }: PathSettings): PathHealth => {
  const timing = makeEchoTiming()
  const loss = makeLossEstimate()
  const hold = makeHoldDown()
  let state: 'unknown' | 'living' | 'dead' = begin
  let sequence = 0
  /** Unanswered, oldest first. */
  let echoes: Echo[] = []
  let newestHeard = 0
  let last: { readonly nowMs: number; readonly waitMs: number } | null = null
  /** The time that was attended to; it stands still while nobody looks. */
  let heldMs = 0
  let regularAtMs = 0
  let heardAtMs = Number.NEGATIVE_INFINITY
  let heardHeldMs = 0
  let goodRun = 0

  const deadAfterMs = (): number => probe().intervalMs * probe().misses

  const die = (nowMs: number): void => {
    state = 'dead'
    echoes = []
    goodRun = 0
    newestHeard = sequence
    hold.begin(nowMs)
  }

  /** Echoes that nothing younger has overtaken. */
  const outstanding = (): Echo[] => echoes.filter((echo) => echo.sequence > newestHeard)

  const isLate = (echo: Echo): boolean => heldMs - echo.heldMs >= timing.lateAfterMs()

  const judge = (waiting: readonly Echo[], nowMs: number): void => {
    const isSilent = heldMs - heardHeldMs >= deadAfterMs()
    const [first] = waiting
    if (state === 'unknown' && heldMs >= Math.max(deadAfterMs(), FIRST_ANSWER_MS)) die(nowMs)
    if (state === 'dead' && isSilent) goodRun = 0
    if (state !== 'living' || !isSilent || first === undefined || heldMs - first.heldMs < deadAfterMs()) return
    if (waiting.filter(isLate).length >= loss.unansweredNeeded()) die(nowMs)
  }

  const send = (nowMs: number, isRegular: boolean): number => {
    sequence += 1
    echoes.push({ sequence, sentMs: nowMs, heldMs, isRegular })
    // The oldest stays: by it the silence is reckoned.
    if (echoes.length > MOST_ECHOES) echoes.splice(1, 1)
    if (isRegular) regularAtMs = heldMs
    return sequence
  }

  const waitMs = (isSuspect: boolean): number => {
    const regularMs = probe().intervalMs - (heldMs - regularAtMs)
    const [first] = outstanding()
    const confirmMs = Math.max(CLOSEST_MS, deadAfterMs() / CONFIRMATIONS)
    const lateMs =
      state !== 'living' || first === undefined ? regularMs : timing.lateAfterMs() - (heldMs - first.heldMs)
    return Math.max(1, Math.min(regularMs, isSuspect ? confirmMs : lateMs))
  }

  const attend = (nowMs: number): Attendance => {
    const isFirst = last === null
    if (last !== null) heldMs += Math.max(0, Math.min(nowMs - last.nowMs, last.waitMs + SLACK_MS))
    const waiting = outstanding()
    judge(waiting, nowMs)
    const isSuspect = state === 'living' && waiting.some(isLate)
    const isDue = isFirst || heldMs - regularAtMs >= probe().intervalMs
    const sent = isDue || isSuspect ? send(nowMs, isDue) : null
    last = { nowMs, waitMs: waitMs(isSuspect) }
    return { send: sent, waitMs: last.waitMs }
  }

  /** What became of regular echoes is counted when something is heard: in silence nothing is learned of loss. */
  const countFates = (heard: number): void => {
    const isDecided = (echo: Echo): boolean => echo.sequence === heard || (echo.sequence < newestHeard && isLate(echo))
    for (const echo of echoes) if (echo.isRegular && isDecided(echo)) loss.count(echo.sequence !== heard)
    echoes = echoes.filter((echo) => !isDecided(echo))
  }

  const answered = (heard: number, nowMs: number): void => {
    const echo = echoes.find((each) => each.sequence === heard)
    // An answer that comes after the verdict does not undo it: what is good now shows soon.
    if (echo === undefined) return
    timing.heard(Math.max(0, nowMs - echo.sentMs))
    heardAtMs = nowMs
    heardHeldMs = heldMs
    if (state === 'unknown') state = 'living'
    if (heard > newestHeard) goodRun = heard === newestHeard + 1 ? goodRun + 1 : 1
    newestHeard = Math.max(newestHeard, heard)
    countFates(heard)
  }

  return {
    attend,
    answered,
    verdict: () => (state === 'living' ? (loss.isHigh() ? 'degraded' : 'up') : state),
    isAnswering: (nowMs) => nowMs - heardAtMs <= probe().intervalMs * 1.5 + timing.lateAfterMs(),
    isFit: () => state === 'dead' && goodRun >= GOOD_RUN,
    isHoldOver: hold.isOver,
    readmit: () => {
      if (state !== 'dead') return
      state = 'living'
      loss.reset()
    },
  }
}
