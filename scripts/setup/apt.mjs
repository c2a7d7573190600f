import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram } from './programs.mjs'
import { run } from './run.mjs'
import { say } from './say.mjs'

const BACKPORTS_FILE = '/etc/apt/sources.list.d/mole-backports.sources'
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
const DEFAULT_MIRROR = 'http://deb.debian.org/debian'

/** Whether packages can be installed by apt here. */
export const hasApt = () => findProgram('apt-get') !== null

/** @param {readonly string[]} privilege @param {string[]} argv @param {string} [input] */
const asRoot = (privilege, argv, input) => {
  const [program, ...first] = [...privilege, 'env', 'DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C']
  return run(program, [...first, ...argv], { timeoutMs: 10 * 60_000, ...(input === undefined ? {} : { input }) })
}

/** @param {readonly string[]} privilege @param {string[]} argv */
const aptGet = (privilege, ...argv) => asRoot(privilege, ['apt-get', '-q', '-o', 'DPkg::Lock::Timeout=180', ...argv])

/** @param {readonly string[]} privilege @param {readonly string[]} packages @param {string[]} [options] */
const install = (privilege, packages, options = []) =>
  aptGet(privilege, 'install', '-y', '--no-install-recommends', ...options, ...packages)

/**
 * Installs packages; the package lists are fetched only when that does not work with those at hand.
 * @param {readonly string[]} privilege @param {readonly string[]} packages
 * @returns {Promise<string | null>} apt's last words when it failed
 */
export const installPackages = async (privilege, packages) => {
  say(`Installing ${packages.join(', ')} with apt …`)
  let outcome = await install(privilege, packages)
  if (outcome.code !== 0) {
    await aptGet(privilege, 'update')
    outcome = await install(privilege, packages)
  }
  return outcome.code === 0 ? null : outcome.output.trimEnd().split('\n').slice(-6).join('\n')
}

/** Every apt source of this machine as text. */
const observeSources = () => {
  const directory = '/etc/apt/sources.list.d'
  const parts = existsSync(directory) ? readdirSync(directory).map((name) => join(directory, name)) : []
  return ['/etc/apt/sources.list', ...parts]
    .filter((file) => /\.(list|sources)$/.test(file) && existsSync(file))
    .map((file) => readFileSync(file, 'utf8'))
}

/** The Debian mirror this machine uses. @param {readonly string[]} sources Texts in either format of sources.list(5). */
export const debianMirror = (sources) => {
  for (const text of sources) {
    for (const line of text.split('\n')) {
      const match = /^(?:URIs:\s*|deb\s+(?:\[[^\]]*\]\s+)?)(https?:\/\/\S+\/debian)\/?(?:\s|$)/.exec(line.trim())
      if (match?.[1] !== undefined) return match[1]
    }
  }
  return DEFAULT_MIRROR
}

/** A source in deb822 format, sources.list(5). @param {string} mirror @param {string} suite */
export const renderSource = (mirror, suite) =>
  ['Types: deb', `URIs: ${mirror}`, `Suites: ${suite}`, 'Components: main', `Signed-By: ${KEYRING}`, ''].join('\n')

/**
 * Installs one package from Debian's backports, adding them as a source if they are none yet. What was added is taken
 * away again when it does not help.
 * @param {readonly string[]} privilege @param {string} name @param {string} suite e.g. `bookworm-backports`
 * @returns {Promise<boolean>}
 */
export const installFromBackports = async (privilege, name, suite) => {
  const sources = observeSources()
  const isNew = !sources.some((text) => text.split('\n').some((line) => !line.startsWith('#') && line.includes(suite)))
  if (isNew && !existsSync(KEYRING)) return false
  say(`Installing ${name} from ${suite} with apt …`)
  if (isNew) await asRoot(privilege, ['tee', BACKPORTS_FILE], renderSource(debianMirror(sources), suite))
  if (isNew || (await install(privilege, [name], ['-t', suite])).code !== 0) {
    await aptGet(privilege, 'update')
    if ((await install(privilege, [name], ['-t', suite])).code !== 0) {
      if (isNew) await asRoot(privilege, ['rm', '-f', BACKPORTS_FILE])
      return false
    }
  }
  return true
}
