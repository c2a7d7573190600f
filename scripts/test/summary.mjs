/** @typedef {import('./part-result.mjs').PartResult} PartResult */

/** @param {number} passed @param {number} failed @param {number} skipped */
const renderCounts = (passed, failed, skipped) => `${passed} passed, ${failed} failed, ${skipped} skipped`

/** @param {PartResult} part @param {number} seconds */
export const renderPart = ({ part, passed, failed, skipped }, seconds) =>
  `${failed > 0 ? '✗' : '✓'} ${part}: ${renderCounts(passed, failed, skipped)} (${seconds.toFixed(1)} s)`

/** Skips by reason, so that a hundred of one kind are one line. @param {readonly PartResult[]} parts */
const renderSkips = (parts) => {
  /** @type {Map<string, string[]>} */
  const byReason = new Map()
  for (const { part, skips } of parts)
    for (const { name, reason } of skips) {
      const key = `${part}: ${reason || 'no reason given'}`
      byReason.set(key, [...(byReason.get(key) ?? []), name])
    }
  return [...byReason].map(([reason, names]) => {
    const shown = names.slice(0, 3).map((name) => `\n    ${name}`)
    const more = names.length > 3 ? `\n    and ${names.length - 3} more` : ''
    return `  ${reason} (${names.length})${shown.join('')}${more}`
  })
}

/** @param {string} text @param {number} limit */
const firstLines = (text, limit) => {
  const lines = text.trim().split('\n')
  const more = lines.length > limit ? [`… ${lines.length - limit} more lines`] : []
  return [...lines.slice(0, limit), ...more].map((line) => `      ${line}`).join('\n')
}

/**
 * The end of the report; its last line is the sum of all parts.
 * @param {readonly PartResult[]} parts
 */
export const renderSummary = (parts) => {
  const failures = parts.flatMap(({ part, failures: list }) =>
    list.map(({ name, message }) => `  ${part} › ${name}\n${firstLines(message, 40)}`),
  )
  const skips = renderSkips(parts)
  /** @param {'passed' | 'failed' | 'skipped'} key */
  const sum = (key) => parts.reduce((total, part) => total + part[key], 0)
  return [
    ...(skips.length > 0 ? ['', 'Skipped:', ...skips] : []),
    ...(failures.length > 0 ? ['', 'Failed:', ...failures] : []),
    '',
    renderCounts(sum('passed'), sum('failed'), sum('skipped')),
  ].join('\n')
}

/** @param {readonly PartResult[]} parts */
export const exitCodeOf = (parts) => (parts.length > 0 && parts.every(({ failed }) => failed === 0) ? 0 : 1)
