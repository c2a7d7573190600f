import { stripVTControlCharacters } from 'node:util'
import { nothingYet } from './part-result.mjs'

/** @typedef {{ message?: string }} Fault */
/** @typedef {{ status: string, annotations?: { type: string, description?: string }[], results: { errors?: Fault[] }[] }} Test */
/** @typedef {{ title: string, file: string, line: number, tests: Test[] }} Spec */
/** @typedef {{ title: string, suites?: Suite[], specs?: Spec[] }} Suite */
/** @typedef {{ suites?: Suite[], errors?: Fault[] }} Report The parts we read of what Playwright's JSON reporter writes. */

/** @param {Suite} suite @param {string[]} above @returns {{ name: string, test: Test }[]} */
const testsOf = (suite, above) => {
  const path = [...above, suite.title]
  const here = (suite.specs ?? []).flatMap(({ title, tests }) =>
    tests.map((test) => ({ name: [...path, title].join(' › '), test })),
  )
  return [...here, ...(suite.suites ?? []).flatMap((inner) => testsOf(inner, path))]
}

/** @param {readonly (Fault | undefined)[]} faults */
const messageOf = (faults) => stripVTControlCharacters(faults.map((fault) => fault?.message ?? '').join('\n\n'))

/**
 * What Playwright came to. A test that passed only when tried again has failed: it is not to be trusted.
 * @param {string} part @param {Report} report @returns {import('./part-result.mjs').PartResult}
 */
export const parsePlaywrightReport = (part, report) => {
  const result = nothingYet(part)
  for (const { name, test } of (report.suites ?? []).flatMap((suite) => testsOf(suite, []))) {
    if (test.status === 'expected') result.passed += 1
    else if (test.status === 'skipped') {
      const reason = test.annotations?.find(({ type }) => type === 'skip' || type === 'fixme')?.description
      result.skipped += 1
      result.skips.push({ name, reason: reason ?? '' })
    } else {
      result.failed += 1
      const message = messageOf(test.results.flatMap(({ errors }) => errors ?? []))
      result.failures.push({
        name,
        message: test.status === 'flaky' ? `Passed only when tried again.\n${message}` : message,
      })
    }
  }
  for (const fault of report.errors ?? []) {
    result.failed += 1
    result.failures.push({ name: part, message: messageOf([fault]) })
  }
  return result
}

/** @param {Report} report */
export const namesInReport = (report) =>
  (report.suites ?? []).flatMap((suite) => testsOf(suite, [])).map(({ name }) => name)
