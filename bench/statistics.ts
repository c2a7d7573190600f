/** The middle value; the mean of the two middle ones when there is an even number. `NaN` of nothing. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

/** Prints one more row of a table that has been begun. */
export const printRow = (cells: readonly (string | number)[]): void => console.log(`| ${cells.join(' | ')} |`)

/** Prints rows as a Markdown table, to be pasted into docs/performance.md. */
export const printTable = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): void => {
  for (const cells of [head, head.map(() => '---'), ...rows]) printRow(cells)
}

/** The value that a share of all stays below or at (nearest rank). `NaN` of nothing. */
export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? Number.NaN
