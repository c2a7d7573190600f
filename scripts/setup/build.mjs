import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './run.mjs'
import { SetUpError, say } from './say.mjs'
import { writeShellFiles } from './shell-files.mjs'

const STAMP = 'dist/.mole-build'
const SOURCES = ['domain', 'contract', 'engine', 'helper', 'headless', 'cli', 'electron', 'renderer', 'resources']
const SETTINGS = ['vite.config.ts', 'package.json', 'package-lock.json', 'tsconfig.json']

/** @param {string} root @param {string} directory @returns {string[]} */
const filesBelow = (root, directory) =>
  existsSync(join(root, directory))
    ? readdirSync(join(root, directory), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !/\.(test|spec)\.tsx?$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
    : []

/** One hash over everything that goes into the bundles. @param {string} root */
const observeSources = (root) => {
  const hash = createHash('sha256')
  const files = [
    ...SOURCES.flatMap((directory) => filesBelow(root, directory)),
    ...SETTINGS.map((name) => join(root, name)),
  ]
  for (const file of files.sort())
    hash
      .update(`${file.slice(root.length)}\0`)
      .update(readFileSync(file))
      .update('\0')
  return hash.digest('hex')
}

/** Whether dist/ is what the sources make. @param {string} root */
export const buildIsCurrent = (root) => {
  try {
    return readFileSync(join(root, STAMP), 'utf8').trim() === observeSources(root)
  } catch {
    return false
  }
}

/**
 * Builds every program beside dist/ and swaps the folders at the end: dist/ is always one whole build, also while
 * a running engine serves the panel from it.
 * @param {string} root @param {string} node Node 24 @throws {SetUpError} with Vite's output
 */
export const build = async (root, node) => {
  say('Building …')
  const sources = observeSources(root)
  const [next, old] = [join(root, 'dist.next'), join(root, 'dist.old')]
  rmSync(next, { recursive: true, force: true })
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const { code, output } = await run(node, [vite, 'build', '--app', '--configLoader', 'native', '--logLevel', 'warn'], {
    cwd: root,
    env: { ...process.env, MOLE_DIST: next },
  })
  if (code !== 0) throw new SetUpError(`The build failed (exit code ${code}):\n\n${output}`)
  await writeShellFiles(root, node, next)
  writeFileSync(join(next, '.mole-build'), `${sources}\n`)
  rmSync(old, { recursive: true, force: true })
  if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), old)
  renameSync(next, join(root, 'dist'))
  rmSync(old, { recursive: true, force: true })
}
