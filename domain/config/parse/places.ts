import type { Place } from '../problem.ts'

export type PlaceOf = (from: number, to?: number) => Place

/** Tells line and column of offsets in a text whose lines end in LF. Offsets beyond the text count as its end. */
export const placesOf = (text: string): PlaceOf => {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  const positionOf = (offset: number): { line: number; column: number } => {
    const at = Math.max(0, Math.min(offset, text.length))
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= at) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: at - (starts[low] ?? 0) + 1 }
  }
  return (from, to = from) => {
    const [start, end] = [positionOf(from), positionOf(Math.max(from, to))]
    return { ...start, endLine: end.line, endColumn: end.column }
  }
}
