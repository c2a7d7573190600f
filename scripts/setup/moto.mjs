import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hasApt, installPackages } from './apt.mjs'
import { observeDistribution } from './distribution.mjs'
import { oneAtATime } from './one-at-a-time.mjs'
import { obtainPrivilege } from './privilege.mjs'
import { findProgram } from './programs.mjs'
import { run } from './run.mjs'
import { say } from './say.mjs'

const REQUIREMENTS = fileURLToPath(new URL('./moto-requirements.txt', import.meta.url))

/** In node_modules: ignored everywhere, and gone with it. @param {string} root */
const directoryOf = (root) => join(root, 'node_modules/.cache/moto')

/** Written last: its absence means that an installation never finished. @param {string} root */
const stampOf = (root) => join(directoryOf(root), 'mole-stamp')

/** A new system Python leaves an environment of the old one useless. @param {string} version */
const wanted = (version) => createHash('sha256').update(`${version}\0`).update(readFileSync(REQUIREMENTS)).digest('hex')

/** @param {string} root @param {string} version */
const isCurrent = (root, version) => {
  try {
    return readFileSync(stampOf(root), 'utf8').trim() === wanted(version)
  } catch {
    return false
  }
}

/** The system's Python: one in a home directory is out of reach of the ordinary user the tests run as. @returns {Promise<{ python: string, version: string } | null>} */
const findPython = async () => {
  const python = findProgram('python3')
  if (python === null) return null
  const { code, output } = await run(python, ['-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3])'])
  return code === 0 ? { python, version: output.trim() } : null
}

/** @param {string} version */
const isNewEnough = (version) => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 3 || (major === 3 && minor >= 10)
}

/** @param {string} output */
const lastLine = (output) => output.trim().split('\n').at(-1)?.slice(0, 300) ?? ''

/** What pip says last of a registry out of reach is that it has no such package. @param {string} output */
const reasonOf = (output) => (/after connection broken by/.test(output) ? 'it could not be reached.' : lastLine(output))

/** An empty virtual environment. @param {string} root @param {string} python @returns {Promise<string | null>} why there is none */
const makeEnvironment = async (root, python) => {
  const directory = directoryOf(root)
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(dirname(directory), { recursive: true })
  const { code, output } = await run(python, ['-m', 'venv', directory], { timeoutMs: 2 * 60_000 })
  return code === 0 ? null : lastLine(output)
}

/** Debian keeps what `venv` needs (ensurepip) in a package of its own. */
const installVenv = async () => {
  if (observeDistribution().packages !== 'apt' || !hasApt()) return
  const privilege = await obtainPrivilege('The tests of AWS need python3-venv, to be installed.')
  if (privilege !== null) await installPackages(privilege, ['python3-venv'])
}

/** Wheels only: nothing is built, and nothing but what the hashes name is installed. @param {string} root */
const installRequirements = (root) =>
  run(
    join(directoryOf(root), 'bin/python'),
    [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--retries',
      '2',
      '--require-hashes',
      '--no-deps',
      '--only-binary',
      ':all:',
      '-r',
      REQUIREMENTS,
    ],
    { timeoutMs: 10 * 60_000, env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1' } },
  )

/** @param {string} root @param {string} python @returns {Promise<string | null>} why it failed */
const install = async (root, python) => {
  let failure = await makeEnvironment(root, python)
  if (failure !== null) {
    await installVenv()
    failure = await makeEnvironment(root, python)
  }
  if (failure !== null)
    return `Python's venv does not work here (Debian: sudo apt-get install -y python3-venv): ${failure}`
  const { code, output } = await installRequirements(root)
  return code === 0 ? null : `moto could not be installed from PyPI: ${reasonOf(output)}`
}

/**
 * Gets moto, the AWS emulator of the tests, into an environment of its own.
 * @param {string} root
 * @returns {Promise<string | null>} `null`, or in one line why there is none
 */
export const ensureMoto = async (root) => {
  if (process.platform !== 'linux') return 'The tests of AWS need Linux.'
  const found = await findPython()
  if (found === null || !isNewEnough(found.version))
    return `The tests of AWS need Python 3.10 or newer in /usr/bin; there is ${found?.version ?? 'none'}.`
  if (isCurrent(root, found.version)) return null
  return oneAtATime(join(root, '.mole-setup.lock'), async () => {
    if (isCurrent(root, found.version)) return null
    say('Installing moto, which stands for AWS in the tests (a few seconds, once) …')
    const failure = await install(root, found.python)
    if (failure === null) writeFileSync(stampOf(root), `${wanted(found.version)}\n`)
    return failure
  })
}
