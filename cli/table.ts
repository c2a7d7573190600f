/** Columns padded to their widest cell, two spaces apart, without trailing space. */
export const renderTable = (rows: readonly (readonly string[])[], indent = ''): string => {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, column) => Math.max(most[column] ?? 0, cell.length)),
    [],
  )
  return rows
    .map((row) => indent + row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((text) => text.trimEnd())
    .join('\n')
}
