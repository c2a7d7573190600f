import { cpSync, readFileSync } from 'node:fs'
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
    env: { ...process.env, ...place.env, ...env },
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

/** @param {World} world */
const vitest = ({ root }) => join(root, 'node_modules/vitest/vitest.mjs')

/** @param {World} world */
const playwright = ({ root }) => join(root, 'node_modules/playwright/cli.js')

/** @param {string} part @param {number} code */
const noReport = (part, code) => withFailure(nothingYet(part), part, `It ended with code ${code} and without a report.`)

/** Vitest takes a pipe of a CI for a terminal; Playwright knows by itself. @type {NodeJS.ProcessEnv} */
const PLAIN = process.stdout.isTTY ? {} : { NO_COLOR: '1' }

/**
 * One of Vitest's projects.
 * @param {World} world @param {string} part @param {'unit' | 'kernel' | 'aws'} project
 * @param {string[]} [files] Only files whose path contains one of these.
 * @returns {Promise<PartResult>}
 */
export const runVitest = async (world, part, project, files = []) => {
  const file = join(world.place.env.TMPDIR ?? '', `report-${project}.json`)
  const reporter = join(world.root, 'scripts/test/vitest-report.mjs')
  const argv = [
    vitest(world),
    'run',
    '--configLoader=native',
    `--project=${project}`,
    '--reporter=default',
    '--reporter',
    reporter,
    ...files,
  ]
  const { code } = await runHere(world, argv, { MOLE_REPORT: file, MOLE_PART: part, ...PLAIN }, true)
  const report = /** @type {PartResult | undefined} */ (readJson(file))
  return judgePart(report ?? noReport(part, code), code)
}

/** Traces and screenshots of a run as another user come to where those of our own are. @param {World} world */
const keepArtifacts = ({ root, place }) => {
  const artifacts = place.env.MOLE_ARTIFACTS
  if (artifacts !== undefined) cpSync(artifacts, join(root, '.artifacts'), { recursive: true })
}

/**
 * The whole product, driven as a person would.
 * @param {World} world @param {string} part @param {string[]} [files] Only specs whose path contains one of these.
 * @returns {Promise<PartResult>}
 */
export const runPlaywright = async (world, part, files = []) => {
  const file = join(world.place.env.TMPDIR ?? '', 'report-e2e.json')
  const argv = [playwright(world), 'test', '--reporter=list,json', ...files]
  const { code } = await runHere(world, argv, { PLAYWRIGHT_JSON_OUTPUT_NAME: file }, true)
  keepArtifacts(world)
  const report = /** @type {import('./playwright-result.mjs').Report | undefined} */ (readJson(file))
  return judgePart(report === undefined ? noReport(part, code) : parsePlaywrightReport(part, report), code)
}

/** Counts the tests of a part this machine cannot run. @param {World} world @param {string} part @param {'kernel' | 'aws' | 'e2e'} suite @param {string} reason @param {string[]} [files] @returns {Promise<PartResult>} */
export const skipSuite = async (world, part, suite, reason, files = []) => {
  const file = join(world.place.env.TMPDIR ?? '', `list-${suite}.json`)
  const argv =
    suite === 'e2e'
      ? [playwright(world), 'test', '--list', '--reporter=json', ...files]
      : [vitest(world), 'list', '--configLoader=native', `--project=${suite}`, `--json=${file}`]
  await runHere(world, argv, { PLAYWRIGHT_JSON_OUTPUT_NAME: file }, false)
  const listed = readJson(file)
  const names = Array.isArray(listed)
    ? listed.map(({ name }) => String(name))
    : namesInReport(/** @type {import('./playwright-result.mjs').Report} */ (listed ?? {}))
  return judgePart(allSkipped(part, names, reason), 0)
}
