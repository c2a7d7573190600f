/**
 * @typedef {object} PartResult What one part of the tests came to.
 * @property {string} part
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {{ name: string, message: string }[]} failures
 * @property {{ name: string, reason: string }[]} skips
 */

/** @param {string} part @returns {PartResult} */
export const nothingYet = (part) => ({ part, passed: 0, failed: 0, skipped: 0, failures: [], skips: [] })

/** @param {PartResult} result @param {string} name @param {string} message @returns {PartResult} */
export const withFailure = (result, name, message) => ({
  ...result,
  failed: result.failed + 1,
  failures: [...result.failures, { name, message }],
})

/** Nothing of a part could run: all its tests count as skipped. @param {string} part @param {string[]} names @param {string} reason @returns {PartResult} */
export const allSkipped = (part, names, reason) => ({
  ...nothingYet(part),
  skipped: names.length,
  skips: names.map((name) => ({ name, reason })),
})

/** @param {string} part @param {readonly import('../check/run-checks.mjs').CheckResult[]} checks @returns {PartResult} */
export const resultOfChecks = (part, checks) => {
  const failures = checks.filter(({ fault }) => fault !== '').map(({ name, fault }) => ({ name, message: fault }))
  return { ...nothingYet(part), passed: checks.length - failures.length, failed: failures.length, failures }
}

/**
 * A part that says it is well must also have run something, and its program must have ended well.
 * @param {PartResult} result @param {number} exitCode @returns {PartResult}
 */
export const judgePart = (result, exitCode) => {
  if (result.failed > 0) return result
  if (exitCode !== 0)
    return withFailure(result, result.part, `No test failed, yet its program ended with code ${exitCode}.`)
  return result.passed + result.skipped === 0 ? withFailure(result, result.part, 'No test ran.') : result
}
