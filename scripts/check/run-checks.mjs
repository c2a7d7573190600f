import { isEnding } from '../setup/run.mjs'

/** @typedef {import('./checks.mjs').Check} Check */
/** @typedef {{ name: string, fault: string, seconds: number }} CheckResult `fault` is empty when the check passed. */

/** @param {Check} check @returns {Promise<CheckResult>} */
const judge = async ({ name, act }) => {
  const startedAtMs = performance.now()
  /** @param {string} fault */
  const result = (fault) => ({ name, fault, seconds: (performance.now() - startedAtMs) / 1000 })
  try {
    return result(await act())
  } catch (error) {
    return result(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
}

/**
 * Does all checks, a few at a time, and tells of each as it ends.
 * @param {readonly Check[]} checks @param {{ atOnce?: number, onResult?: (result: CheckResult) => void }} [options]
 * @returns {Promise<CheckResult[]>} in the order of `checks`
 */
export const runChecks = async (checks, { atOnce = 2, onResult = () => {} } = {}) => {
  const queue = checks.entries()
  /** @type {CheckResult[]} */
  const results = []
  const worker = async () => {
    for (const [index, check] of queue) {
      if (isEnding()) return
      const result = await judge(check)
      results[index] = result
      onResult(result)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}

/** @param {CheckResult} result */
export const renderCheck = ({ name, fault, seconds }) =>
  `  ${fault === '' ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s)`
