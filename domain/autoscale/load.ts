import { median } from '../series.ts'
import { capacityAtLeast, capacityOf, isFull, levelsAfter, rateOf, tunnelAfter } from './capacity.ts'
import { pressingFlows } from './flows.ts'
import type { Look } from './look.ts'
import type { AutoscaleState, Recent } from './state.ts'

/** Goodput is the mean over the interval of looks, but over no fewer and no more seconds than these. */
const SHORTEST_MS = 5000
export const LONGEST_MS = 60_000

/** How the bundle is loaded, as far as it was measured. */
export type Load = {
  /** Payload of the busier direction, in bits per second. */
  readonly goodput: number
  /** The same where a load has begun just now: not less than the median of the last seconds. */
  readonly latest: number
  /** What one tunnel was measured to carry; `null` before one was ever full. */
  readonly capacity: number | null
  /** What one tunnel carries at least, full or not; `null` before anything was carried. */
  readonly atLeast: number | null
  /** 0–1; `null` while the capacity is not known. */
  readonly utilisation: number | null
  /** It is no more than this, whatever the capacity; `null` before anything was carried. */
  readonly utilisationAtMost: number | null
  /** Every tunnel that answers is its own limit. */
  readonly isFull: boolean
  readonly answering: number
  /** Slots that may be why so little is carried: silent, or losing echoes without being full, while something presses. */
  readonly doubtful: readonly number[]
}

/** Takes in one second: rates, echoes, and what they say of the capacity. Pure. */
export const observe = ({ memory, recent }: AutoscaleState, look: Look): AutoscaleState => {
  const up = look.seen.reduce((sum, { upBitsPerSecond }) => sum + upBitsPerSecond, 0)
  const down = look.seen.reduce((sum, { downBitsPerSecond }) => sum + downBitsPerSecond, 0)
  const second = { atMs: look.atMs, upBitsPerSecond: up, downBitsPerSecond: down }
  const tunnels = new Map(
    look.seen.map((tunnel) => [tunnel.slot, tunnelAfter(recent.tunnels.get(tunnel.slot), tunnel, memory)]),
  )
  const seconds = [...recent.seconds, second].filter(({ atMs }) => atMs > look.atMs - LONGEST_MS)
  return {
    memory: { ...memory, ...levelsAfter(memory, tunnels.values(), look.atMs) },
    recent: { ...recent, seconds, tunnels },
  }
}

/** Stretch over which goodput is taken. Pure. */
const goodputMs = (intervalMs: number): number => Math.min(LONGEST_MS, Math.max(SHORTEST_MS, intervalMs))

const since = ({ seconds }: Recent, fromMs: number) => seconds.filter(({ atMs }) => atMs > fromMs)

/** Median payload of the busier direction, per second, since `fromMs` and no longer ago than a minute. Pure. */
export const medianSince = (recent: Recent, fromMs: number): number => median(since(recent, fromMs).map(rateOf)) ?? 0

const goodputNow = (recent: Recent, atMs: number, intervalMs: number): number =>
  Math.max(medianSince(recent, atMs - SHORTEST_MS), medianSince(recent, atMs - goodputMs(intervalMs)))

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length

const goodputOf = (recent: Recent, atMs: number, intervalMs: number): number => {
  const seconds = since(recent, atMs - goodputMs(intervalMs))
  return Math.max(
    mean(seconds.map(({ upBitsPerSecond }) => upBitsPerSecond)),
    mean(seconds.map(({ downBitsPerSecond }) => downBitsPerSecond)),
  )
}

const shareOf = (goodput: number, capacity: number | null, tunnels: number): number | null =>
  capacity === null || tunnels === 0 ? null : goodput / (capacity * tunnels)

/** What was measured, in the figures that decisions are made by. Pure. */
export const loadOf = ({ memory, recent }: AutoscaleState, look: Look, intervalMs: number): Load => {
  const goodput = goodputOf(recent, look.atMs, intervalMs)
  const answering = look.seen.filter(({ health }) => health !== 'silent')
  const presses = look.flows === null || pressingFlows(look).length > 0
  const full = (slot: number): boolean => isFull(recent.tunnels.get(slot))
  const [capacity, atLeast] = [capacityOf(memory), capacityAtLeast(memory)]
  return {
    goodput,
    latest: goodputNow(recent, look.atMs, intervalMs),
    capacity,
    atLeast,
    utilisation: shareOf(goodput, capacity, answering.length),
    utilisationAtMost: shareOf(goodput, atLeast, answering.length),
    isFull: answering.length > 0 && answering.every(({ slot }) => full(slot)),
    answering: answering.length,
    doubtful: presses
      ? look.seen
          .filter(({ slot, health }) => health === 'silent' || (health === 'degraded' && !full(slot)))
          .map(({ slot }) => slot)
      : [],
  }
}
