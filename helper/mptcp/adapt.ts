import type { InterfaceSample } from '../../contract/helper.ts'

/** What is known of a tunnel's path at one look. */
export type Quality = { readonly number: number } & Pick<InterfaceSample, 'rttMs' | 'lossRatio' | 'verdict'>

/** How a tunnel stands. `looks`: for how many in a row it has looked as if it should be otherwise. */
type Standing = { readonly backup: boolean; readonly looks: number; readonly rttsMs: readonly number[] }

/** By lane number. */
export type Standings = ReadonlyMap<number, Standing>

export type Change = { readonly number: number; readonly backup: boolean }

/** A backup at once when it hurts, back only when it has been good for long: what changes often helps nobody. */
const LOOKS_DOWN = 3
const LOOKS_BACK = 10
const BAD_LOSS = 0.02
const GOOD_LOSS = 0.005
/**
 * A full path is slow, too, by what waits in front of it; so it goes by the shortest of the last looks, and only what is far
 * above the best is slow.
 */
const RTT_LOOKS = 10
const BAD_RTT = { factor: 4, plusMs: 50 }
const GOOD_RTT = { factor: 2, plusMs: 25 }

const NEW: Standing = { backup: false, looks: 0, rttsMs: [] }

const shortest = ({ rttsMs }: Standing): number => Math.min(...rttsMs)

const isBad = ({ verdict, lossRatio }: Quality, rttMs: number, bestMs: number): boolean =>
  verdict === 'degraded' || (lossRatio ?? 0) > BAD_LOSS || rttMs > bestMs * BAD_RTT.factor + BAD_RTT.plusMs

const isGood = ({ verdict, lossRatio }: Quality, rttMs: number, bestMs: number): boolean =>
  verdict === 'up' && (lossRatio ?? 1) <= GOOD_LOSS && rttMs <= bestMs * GOOD_RTT.factor + GOOD_RTT.plusMs

const step = (standing: Standing, quality: Quality, bestMs: number): Standing => {
  const rttMs = standing.rttsMs.length === 0 ? bestMs : shortest(standing)
  const wantsOther = standing.backup ? isGood(quality, rttMs, bestMs) : isBad(quality, rttMs, bestMs)
  const looks = wantsOther ? standing.looks + 1 : 0
  const isDue = looks >= (standing.backup ? LOOKS_BACK : LOOKS_DOWN)
  return { ...standing, backup: isDue ? !standing.backup : standing.backup, looks: isDue ? 0 : looks }
}

/**
 * One look: which tunnels become backups, used only when no other is left, and which carry again. The one with the shortest
 * round trip of those without loss is never one. A tunnel that is dead is forgotten: it comes back as if new. Pure.
 */
export const adapt = (
  before: Standings,
  qualities: readonly Quality[],
): { readonly standings: Standings; readonly changes: readonly Change[] } => {
  const living = qualities.filter(({ verdict, rttMs }) => verdict !== 'dead' && rttMs !== null)
  const heard = new Map(
    living.map((quality): [number, Standing] => {
      const was = before.get(quality.number) ?? NEW
      return [quality.number, { ...was, rttsMs: [...was.rttsMs, quality.rttMs ?? 0].slice(-RTT_LOOKS) }]
    }),
  )
  const rank = ({ number, lossRatio }: Quality): number =>
    ((lossRatio ?? 0) > BAD_LOSS ? 1e6 : 0) + shortest(heard.get(number) ?? NEW)
  const best = living.toSorted((a, b) => rank(a) - rank(b))[0]
  const bestMs = best === undefined ? 0 : shortest(heard.get(best.number) ?? NEW)
  const standings = new Map(
    living.map((quality): [number, Standing] => {
      const standing = heard.get(quality.number) ?? NEW
      return [
        quality.number,
        quality === best ? { ...standing, backup: false, looks: 0 } : step(standing, quality, bestMs),
      ]
    }),
  )
  const changes = [...standings].flatMap(([number, { backup }]) =>
    backup === (before.get(number)?.backup ?? false) ? [] : [{ number, backup }],
  )
  return { standings, changes }
}
