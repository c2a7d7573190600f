import { median } from '../series.ts'
import type { TunnelSeen } from './look.ts'
import type { Memory, TunnelRecent } from './state.ts'

/** Seconds over which a tunnel must carry something for it to count. */
const SUSTAINED_SECONDS = 5
/** What carries less is not looked at for its limit. */
const LEAST_BITS_PER_SECOND = 1_000_000
/** Level: no second but one is further below the mean than this. */
const LEVEL_SHARE = 0.8
/** A queue stands before the tunnel: its echo takes this much longer than when nothing presses … */
const RTT_RISE = 1.25
const RTT_RISE_MS = 2
/** … or so many more echoes are lost. */
const LOSS_RISE = 0.02
/** A tunnel that carries less than this share of the most it ever did is calm. */
const CALM_SHARE = 0.1
/** How fast the idea of a calm echo follows a path that has become longer: in a minute. */
const CALM_DRIFT = 1 / 60
/** A measured limit that was not seen again for so long gives way to what is measured now. */
const LIMIT_KEPT_MS = 60 * 60_000
/** Seen again: within this share of it. */
const CONFIRMED_SHARE = 0.9

const NEW_TUNNEL: TunnelRecent = { rates: [], rtts: [], losses: [], calmRttMs: null, calmLossRatio: null }

const last = (values: readonly number[], next: number | null): readonly number[] =>
  next === null ? values : [...values, next].slice(-SUSTAINED_SECONDS)

const calm = (known: number | null, now: number | null, isCalm: boolean): number | null => {
  if (known === null || now === null) return known ?? now
  return isCalm && now > known ? known + (now - known) * CALM_DRIFT : Math.min(known, now)
}

/** The busier direction. */
export const rateOf = (each: { readonly upBitsPerSecond: number; readonly downBitsPerSecond: number }): number =>
  Math.max(each.upBitsPerSecond, each.downBitsPerSecond)

/** Takes in one second of one tunnel. Pure. */
export const tunnelAfter = (before: TunnelRecent = NEW_TUNNEL, seen: TunnelSeen, memory: Memory): TunnelRecent => {
  const rate = rateOf(seen)
  const isCalm = rate < CALM_SHARE * (memory.most?.bitsPerSecond ?? 0)
  return {
    rates: last(before.rates, rate),
    rtts: last(before.rtts, seen.rttMs),
    losses: last(before.losses, seen.lossRatio),
    calmRttMs: calm(before.calmRttMs, seen.rttMs, isCalm),
    calmLossRatio: calm(before.calmLossRatio, seen.lossRatio, isCalm),
  }
}

/** The mean: what one second is short of by the way it is counted, the next has too much. */
const sustained = ({ rates }: TunnelRecent): number =>
  rates.length < SUSTAINED_SECONDS ? 0 : rates.reduce((sum, rate) => sum + rate, 0) / rates.length

const isQueued = ({ rtts, losses, calmRttMs, calmLossRatio }: TunnelRecent): boolean =>
  (calmRttMs !== null && (median(rtts) ?? 0) >= RTT_RISE * calmRttMs + RTT_RISE_MS) ||
  (calmLossRatio !== null && (median(losses) ?? 0) >= calmLossRatio + LOSS_RISE)

/** Whether the tunnel itself is the limit: what it carries is level, and its echo says that a queue stands. Pure. */
export const isFull = (tunnel: TunnelRecent | undefined): boolean => {
  if (tunnel === undefined || sustained(tunnel) < LEAST_BITS_PER_SECOND) return false
  // What is cheap to see comes first: this is asked every second.
  if (!isQueued(tunnel)) return false
  const [, second = 0] = tunnel.rates.toSorted((a, b) => a - b)
  return second >= LEVEL_SHARE * sustained(tunnel)
}

type Level = NonNullable<Memory['full']>
type Levels = Pick<Memory, 'full' | 'most'>

const higher = (known: Level | null, bitsPerSecond: number, atMs: number): Level | null =>
  bitsPerSecond < LEAST_BITS_PER_SECOND || (known !== null && known.bitsPerSecond >= bitsPerSecond)
    ? known
    : { bitsPerSecond, atMs }

/** The highest limit that was met lately. A path that has become slower is believed after an hour. */
const withLimit = ({ full, most }: Levels, bitsPerSecond: number, atMs: number): Levels => {
  const now = { bitsPerSecond, atMs }
  if (full === null || bitsPerSecond >= full.bitsPerSecond) return { full: now, most }
  // What it carried once it carries no more.
  if (atMs - full.atMs > LIMIT_KEPT_MS) return { full: now, most: now }
  return { full: bitsPerSecond >= CONFIRMED_SHARE * full.bitsPerSecond ? { ...full, atMs } : full, most }
}

/** What is known of one tunnel's capacity after this second. Pure. */
export const levelsAfter = (memory: Levels, tunnels: Iterable<TunnelRecent>, atMs: number): Levels =>
  [...tunnels].reduce<Levels>(
    ({ full, most }, tunnel) => {
      const rate = sustained(tunnel)
      const seen = { full, most: higher(most, rate, atMs) }
      return isFull(tunnel) ? withLimit(seen, rate, atMs) : seen
    },
    { full: memory.full, most: memory.most },
  )

/** What one tunnel was measured to carry, in bits per second; `null` before one was ever full. Pure. */
export const capacityOf = ({ full, most }: Levels): number | null =>
  full === null ? null : Math.max(full.bitsPerSecond, most?.bitsPerSecond ?? 0)

/** What one tunnel carries at least: its capacity, or before that is known the most it was seen to carry. Pure. */
export const capacityAtLeast = (memory: Levels): number | null =>
  capacityOf(memory) ?? memory.most?.bitsPerSecond ?? null
