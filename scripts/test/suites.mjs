import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../setup/run.mjs'
import { asUser } from './as-user.mjs'
import { allSkipped, judgePart, nothingYet, withFailure } from './part-result.mjs'
import { namesInReport, parsePlaywrightReport } from './playwright-result.mjs'

/** @typedef {import('./part-result.mjs').PartResult} PartResult */
/** @typedef {{ root: string, node: string, user: import('./workplace.mjs').User | null, place: import('./workplace.mjs').Workplace }} World */

/** Runs a test program, as the world's user. @param {World} world @param {string[]} argv @param {NodeJS.ProcessEnv} env @param {boolean} showOutput */
const runHere = ({ root, node, user, place }, argv, env, showOutput) => {
  const [program, all] =
    user === null
      ? /** @type {[string, string[]]} */ ([node, argv])
      : asUser(user, root, place.directory, [node, ...argv])
  return run(program, all, {
    cwd: root,
    env: { ...process.env, ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }), ...place.env, ...env },
    showOutput,
  })
}

/** @param {string} file @returns {unknown} */
const readJson = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** @param {World} world @param {string} tool */
const toolIn = ({ root }, tool) =>
  join(root, 'node_modules', { vitest: 'vitest/vitest.mjs', playwright: 'playwright/cli.js' }[tool] ?? tool)

/** @param {string} part @param {number} code */
const noReport = (part, code) => withFailure(nothingYet(part), part, `It ended with code ${code} and without a report.`)

/** One of Vitest's projects. @param {World} world @param {string} part @param {'unit' | 'kernel'} project @returns {Promise<PartResult>} */
export const runVitest = async (world, part, project) => {
  const file = join(world.place.env.TMPDIR ?? '', `report-${project}.json`)
  const reporter = join(world.root, 'scripts/test/vitest-report.mjs')
  const argv = [
    toolIn(world, 'vitest'),
    'run',
    '--configLoader=native',
    `--project=${project}`,
    '--reporter=default',
    '--reporter',
    reporter,
  ]
  const { code } = await runHere(world, argv, { MOLE_REPORT: file, MOLE_PART: part }, true)
  const report = /** @type {PartResult | undefined} */ (readJson(file))
  return judgePart(report ?? noReport(part, code), code)
}

/** The panel, driven as a person would. @param {World} world @param {string} part @returns {Promise<PartResult>} */
export const runPlaywright = async (world, part) => {
  const file = join(world.place.env.TMPDIR ?? '', 'report-e2e.json')
  const argv = [toolIn(world, 'playwright'), 'test', '--reporter=list,json']
  const { code } = await runHere(world, argv, { PLAYWRIGHT_JSON_OUTPUT_NAME: file }, true)
  const report = /** @type {import('./playwright-result.mjs').Report | undefined} */ (readJson(file))
  return judgePart(report === undefined ? noReport(part, code) : parsePlaywrightReport(part, report), code)
}

/** Counts the tests of a part this machine cannot run. @param {World} world @param {string} part @param {'kernel' | 'e2e'} suite @param {string} reason @returns {Promise<PartResult>} */
export const skipSuite = async (world, part, suite, reason) => {
  const file = join(world.place.env.TMPDIR ?? '', `list-${suite}.json`)
  const argv =
    suite === 'kernel'
      ? [toolIn(world, 'vitest'), 'list', '--configLoader=native', '--project=kernel', `--json=${file}`]
      : [toolIn(world, 'playwright'), 'test', '--list', '--reporter=json']
  await runHere(world, argv, { PLAYWRIGHT_JSON_OUTPUT_NAME: file }, false)
  const listed = readJson(file)
  const names = Array.isArray(listed)
    ? listed.map(({ name }) => String(name))
    : namesInReport(/** @type {import('./playwright-result.mjs').Report} */ (listed ?? {}))
  return judgePart(allSkipped(part, names, reason), 0)
}
