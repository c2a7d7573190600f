import { accessSync, constants, existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, buildIsCurrent } from './build.mjs'
import { dependenciesAreCurrent, installDependencies } from './dependencies.mjs'
import { ensureLabPrograms } from './lab-programs.mjs'
import { oneAtATime } from './one-at-a-time.mjs'
import { endWithCaller, isEnding } from './run.mjs'
import { SetUpError } from './say.mjs'

/** The clone this script is part of. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** The Node 24 that comes with the dependencies: the same one for development, tests and the `mole` command. */
export const NODE = join(ROOT, 'node_modules/node/bin/node')

const dependenciesAreThere = () => dependenciesAreCurrent(ROOT) && existsSync(NODE)

const mustBeWritable = () => {
  try {
    accessSync(ROOT, constants.W_OK)
  } catch {
    throw new SetUpError(
      `The set-up has to write into ${ROOT}, and this user may not.`,
      'Run it as the user who owns the clone, or clone it anew as this one.',
    )
  }
}

/** @param {() => Promise<void>} act */
const exclusively = (act) => {
  mustBeWritable()
  return oneAtATime(join(ROOT, '.mole-setup.lock'), act)
}

/** The npm dependencies; nothing when they are current. @throws {SetUpError} */
export const setUpDependencies = async () => {
  if (dependenciesAreThere()) return
  await exclusively(async () => {
    if (!dependenciesAreThere()) await installDependencies(ROOT)
  })
}

/** The npm dependencies and the build; nothing when both are current. @throws {SetUpError} */
export const setUpClone = async () => {
  await setUpDependencies()
  if (isEnding() || buildIsCurrent(ROOT)) return
  await exclusively(async () => {
    if (!buildIsCurrent(ROOT)) await build(ROOT, NODE)
  })
}

/**
 * Everything both commands need.
 * @returns {Promise<{ labLack: string | null }>} what the lab still lacks on this machine, as a message
 */
export const setUp = async () => {
  await setUpClone()
  return { labLack: await ensureLabPrograms() }
}

/** Runs a command's main function; what went wrong in the set-up is said without a stack. @param {() => Promise<number>} main */
export const command = async (main) => {
  endWithCaller()
  try {
    process.exitCode = await main()
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error
    process.stderr.write(`\n${error.message}\n`)
    process.exitCode = 1
  }
}
