import type { Rung } from '../../../domain/probe/path.ts'

/** Tries sizes, several at once, so many times each; what became of each of them. */
export type Attempt = (sizes: readonly number[], copies: number) => Promise<readonly Rung[]>

export type SearchParts = {
  /** Sizes to begin with, bytes of the IP packet. */
  readonly rungs: readonly number[]
  /** A size that is known to pass. */
  readonly passes: number
  readonly attempt: Attempt
  /** Sizes that somebody has named as the largest so far: this host's interface, a router. */
  readonly named: () => readonly number[]
  /** Copies of each size: more where packets are lost anyway. */
  readonly copies: number
  /** A size is known now, or better known than before. */
  readonly onRung: (rung: Rung) => void
}

export type Searched = {
  readonly mtuBytes: number
  /** What was tried first, and the two sizes that prove the result; in order. */
  readonly rungs: readonly Rung[]
  /** Smallest size that did not pass; `null`: all that were to be tried did. */
  readonly failed: Rung | null
}

const SIZES_AT_ONCE = 16
/** Copies of the size that is not to pass, on top of those that were lost in the search. */
const CONFIRMING = 5
/** Each round leaves a seventeenth; the rest is for packets lost by chance. */
const MOST_ROUNDS = 24

const joined = (before: Rung | undefined, now: Rung): Rung => {
  if (before === undefined) return now
  const [sent, answered] = [before.sent + now.sent, before.answered + now.answered]
  return answered > 0 ? { ...now, outcome: 'passed', saidBy: null, sent, answered } : { ...now, sent, answered }
}

const evenly = (low: number, high: number): number[] => {
  const count = Math.min(SIZES_AT_ONCE, high - low - 1)
  return Array.from({ length: count }, (_, index) => low + Math.round(((index + 1) * (high - low)) / (count + 1)))
}

/** Sizes to try between one that passes and one that does not, larger by more than one. Pure. */
export const sizesBetween = (low: number, high: number, named: readonly number[]): number[] => {
  const hinted = named.flatMap((size) => [size, size + 1])
  const inside = [...evenly(low, high), ...hinted].filter((size) => size > low && size < high)
  return [...new Set(inside)].toSorted((a, b) => a - b)
}

/**
 * Finds the largest size that passes, exactly: between the largest that did and the smallest that did not, in rounds of
 * many sizes, until they are neighbours; and then the larger must fail some more times. What was lost by chance shows there, and
 * the search goes on (RFC 8899, section 5.3, asks for that confirmation).
 */
export const searchMtu = async ({ rungs, passes, attempt, named, copies, onRung }: SearchParts): Promise<Searched> => {
  const known = new Map<number, Rung>()
  const all = (): Rung[] => [...known.values()].toSorted((a, b) => a.bytes - b.bytes)
  const low = (): number =>
    Math.max(passes, ...all().flatMap(({ bytes, outcome }) => (outcome === 'passed' ? [bytes] : [])))
  const firstFailed = (): Rung | null => all().find(({ bytes }) => bytes > low()) ?? null
  const tryThese = async (sizes: readonly number[], times: number): Promise<void> => {
    for (const rung of await attempt(sizes, times)) known.set(rung.bytes, joined(known.get(rung.bytes), rung))
  }

  const tell = (size: number): void => {
    const rung = known.get(size)
    if (rung !== undefined) onRung(rung)
  }

  const first = [...new Set(rungs)].toSorted((a, b) => a - b)
  await tryThese(first, copies)
  for (const size of first) tell(size)
  const confirmed = new Set<number>()
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const failed = firstFailed()
    if (failed === null || confirmed.has(failed.bytes)) break
    if (failed.bytes > low() + 1) {
      await tryThese(sizesBetween(low(), failed.bytes, named()), copies)
    } else {
      confirmed.add(failed.bytes)
      await tryThese([failed.bytes], CONFIRMING)
    }
  }
  const unlucky = first.filter((size) => size < low() && known.get(size)?.outcome !== 'passed')
  if (unlucky.length > 0) await tryThese(unlucky, CONFIRMING)
  for (const size of unlucky) tell(size)
  const [mtuBytes, failed] = [low(), firstFailed()]
  const shown = all().filter(({ bytes }) => first.includes(bytes) || bytes === mtuBytes || bytes === failed?.bytes)
  for (const { bytes } of shown) if (!first.includes(bytes)) tell(bytes)
  return { mtuBytes, rungs: shown, failed }
}
