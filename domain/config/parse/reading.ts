import type { ConfigProblem, Place } from '../problem.ts'
import type { PlaceOf } from './places.ts'

/** The most problems that are told of one document. */
export const MOST_PROBLEMS = 50

/** Where a key with its value stands, from the key's first letter to the value's end. */
type Span = { readonly path: string; readonly from: number; readonly to: number }

/** What is gathered while one document is read. */
export type Reading = {
  readonly problems: readonly ConfigProblem[]
  readonly places: ReadonlyMap<string, Place>
  /** Enough problems are found: there is no need to read on. */
  isFull(): boolean
  refuse(range: Range, key: string, message: string, nextStep: string | null): void
  /** Says where a key stands; those around it first. */
  foundKey(path: string, from: number, value: Range): void
  /** The innermost key that stands around an offset, `document` when none does. */
  keyAt(offset: number): string
}

/** Offsets: where something begins, where it ends, and where what hangs on it (comments) ends. */
export type Range = readonly [from: number, to: number, end?: number]

/** Names in a problem are what somebody wrote: never longer than a line, and nothing that a terminal obeys. */
const shorten = (path: string): string =>
  (path.length > 100 ? `${path.slice(0, 99)}…` : path).replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, '\uFFFD')

export const beginReading = (source: string, placeOf: PlaceOf, length: number): Reading => {
  const problems: ConfigProblem[] = []
  const places = new Map<string, Place>()
  const spans: Span[] = []
  return {
    problems,
    places,
    isFull: () => problems.length >= MOST_PROBLEMS,
    refuse: ([from, to], key, message, nextStep) =>
      void problems.push({ source, place: placeOf(from, to), key: shorten(key), message, nextStep }),
    foundKey: (path, from, [start, end, tail = end]) => {
      places.set(path, placeOf(start, end))
      spans.push({ path: shorten(path) || 'document', from, to: tail })
    },
    keyAt: (offset) =>
      spans.findLast(({ from, to }) => from <= offset && (offset < to || offset >= length))?.path ?? 'document',
  }
}
