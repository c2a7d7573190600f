import { writeFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { nothingYet } from './part-result.mjs'

/** @typedef {import('vitest/node').TestModule} TestModule */
/** @typedef {import('vitest/node').SerializedError} SerializedError */

/** @param {readonly { message: string, stack?: string | undefined, diff?: string | undefined }[]} errors */
const textOf = (errors) =>
  stripVTControlCharacters(
    errors
      .map(({ message, stack, diff }) => [message, diff ?? '', ownFrames(stack ?? '')].filter(Boolean).join('\n'))
      .join('\n\n'),
  )

/** @param {string} stack */
const ownFrames = (stack) =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && !line.includes('node_modules'))
    .slice(0, 3)
    .join('\n')

/** @param {readonly TestModule[]} modules @param {readonly { message: string, stack?: string | undefined }[]} unhandled @param {string} part */
const collect = (part, modules, unhandled) => {
  const result = nothingYet(part)
  /** @param {string} name @param {string} message */
  const fail = (name, message) => {
    result.failed += 1
    result.failures.push({ name, message })
  }
  for (const module of modules) {
    const file = module.relativeModuleId
    const suites = [...module.children.allSuites()]
    for (const each of [module, ...suites]) if (each.errors().length > 0) fail(file, textOf(each.errors()))
    for (const test of module.children.allTests()) {
      const outcome = test.result()
      const name = `${file} › ${test.fullName}`
      if (outcome.state === 'passed') result.passed += 1
      else if (outcome.state === 'skipped') {
        result.skipped += 1
        result.skips.push({ name, reason: outcome.note ?? '' })
      } else fail(name, outcome.state === 'failed' ? textOf(outcome.errors) : 'It did not end.')
    }
  }
  if (unhandled.length > 0) fail(part, `Outside any test:\n${textOf(unhandled)}`)
  return result
}

/** A Vitest reporter: writes a `PartResult`, with the reasons of skips, which Vitest's own JSON leaves out. */
export default class PartReport {
  /** @param {readonly TestModule[]} modules @param {readonly SerializedError[]} unhandled */
  onTestRunEnd(modules, unhandled) {
    const { MOLE_REPORT: file, MOLE_PART: part } = process.env
    if (file !== undefined) writeFileSync(file, JSON.stringify(collect(part ?? 'tests', modules, unhandled)))
  }
}
