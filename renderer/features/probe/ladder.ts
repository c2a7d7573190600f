import type { MtuResult, Rung } from '../../../domain/probe/path.ts'

/** Smallest packet every IPv4 host must take (RFC 791), and the largest there is on Ethernet with jumbo frames. */
const LEAST = 576
const MOST = 9216

/** How long the bar of a packet size is, 0–1: by powers, so that 1500 can be told from 1280 beside 9000. */
export const lengthOf = (bytes: number): number =>
  Math.min(1, Math.max(0.04, Math.log(bytes / LEAST) / Math.log(MOST / LEAST)))

export type Ladder = {
  /** The sizes that were to be tried, and the largest that passes; largest first. */
  readonly steps: readonly { readonly rung: Rung; readonly isLimit: boolean }[]
  /** Where it ends: every size that was tried between the steps around it, those included; smallest first. */
  readonly search: readonly Rung[]
}

const PASSED = { outcome: 'passed', saidBy: null, sent: 0, answered: 0 } as const

/** Rungs as people read them: the ladder that was asked for with the limit among it, and the search apart. Pure. */
export const ladderOf = (
  { rungs, mtuBytes }: Pick<MtuResult, 'rungs' | 'mtuBytes'>,
  asked: readonly number[],
): Ladder => {
  const limit = mtuBytes.value
  const found = rungs.find(({ bytes }) => bytes === limit) ?? { ...PASSED, bytes: limit }
  const step = (isBelow: boolean): number[] =>
    rungs
      .map(({ bytes }) => bytes)
      .filter((bytes) => asked.includes(bytes) && (isBelow ? bytes <= limit : bytes > limit))
  const [from, to] = [Math.max(0, ...step(true)), Math.min(...step(false))]
  const shown = rungs.filter(({ bytes }) => asked.includes(bytes) && bytes !== limit)
  return {
    steps: [...shown.map((rung) => ({ rung, isLimit: false })), { rung: found, isLimit: true }].toSorted(
      (a, b) => b.rung.bytes - a.rung.bytes,
    ),
    search: rungs.filter(({ bytes }) => bytes >= from && bytes <= to).toSorted((a, b) => a.bytes - b.bytes),
  }
}
