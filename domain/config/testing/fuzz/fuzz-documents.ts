import { type ParsedDocument, parseConfigDocument } from '../../parse-document.ts'
import { flawOfAnswer } from './judge.ts'
import { type Random, randomFrom } from './random.ts'

/** The same documents on every run, so that what is found is found by everybody; another seed makes others. */
const SEED = Number(process.env.FUZZ_SEED ?? 20_260_117)

/** No document may take longer to read. */
export const LONGEST_MS = 1000
/** Above it a time is taken again: another process may have had the core meanwhile. */
const SUSPECT_MS = 50

const timed = (given: string | Uint8Array): { parsed: ParsedDocument; ms: number } => {
  const from = performance.now()
  const parsed = parseConfigDocument(given, 'fuzz.yaml')
  return { parsed, ms: performance.now() - from }
}

/** Reads a document, and says how long that takes: the quickest of three times when it seems slow. */
export const timeDocument = (given: string | Uint8Array): { parsed: ParsedDocument; ms: number } => {
  const { parsed, ms } = timed(given)
  return { parsed, ms: ms < SUSPECT_MS ? ms : Math.min(ms, timed(given).ms, timed(given).ms) }
}

const judge = (given: string | Uint8Array): { flaw: string | null; ms: number; isAccepted: boolean } => {
  const { parsed, ms } = timeDocument(given)
  const flaw = ms > LONGEST_MS ? `takes ${ms} ms` : flawOfAnswer(given, parsed)
  return { flaw, ms, isAccepted: parsed.document !== null }
}

/** How many were accepted, and how long the slowest took to read, in milliseconds. */
export type Fuzzed = { readonly accepted: number; readonly worstMs: number }

/**
 * Reads `count` documents that `make` makes at random.
 * @throws Error with the seed, the number and the document when one is slow, or its answer is not well-formed.
 */
export const fuzzDocuments = (count: number, make: (random: Random) => string | Uint8Array): Fuzzed => {
  let [accepted, worstMs] = [0, 0]
  for (let number = 0; number < count; number += 1) {
    const given = make(randomFrom(SEED + number * 0x9e3779b1))
    const report = (what: string): Error =>
      new Error(
        `FUZZ_SEED=${SEED}, number ${number}: ${what}\n${JSON.stringify(typeof given === 'string' ? given : [...given])}`,
      )
    const { flaw, ms, isAccepted } = (() => {
      try {
        return judge(given)
      } catch (error) {
        throw report(`threw ${String(error)}`)
      }
    })()
    if (flaw !== null) throw report(flaw)
    accepted += isAccepted ? 1 : 0
    worstMs = Math.max(worstMs, ms)
  }
  return { accepted, worstMs }
}
