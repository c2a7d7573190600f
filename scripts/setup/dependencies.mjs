import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './run.mjs'
import { SetUpError, say } from './say.mjs'

/** Written last: its absence means that an installation never finished. */
const STAMP = 'node_modules/.mole-lock'

/** What is installed depends on these and on the platform. @param {string} root */
const wanted = (root) => {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}\0`)
  for (const file of ['package.json', 'package-lock.json'])
    hash.update(installedPart(file, readFileSync(join(root, file), 'utf8')))
  return hash.digest('hex')
}

/** Of package.json only what npm installs from matters; a changed script must not cost a minute. @param {string} file @param {string} text */
const installedPart = (file, text) => {
  if (file !== 'package.json') return text
  const { dependencies, devDependencies, optionalDependencies, overrides, allowScripts } = JSON.parse(text)
  return JSON.stringify({ dependencies, devDependencies, optionalDependencies, overrides, allowScripts })
}

/** Whether node_modules is what the lock file says. @param {string} root */
export const dependenciesAreCurrent = (root) => {
  try {
    return readFileSync(join(root, STAMP), 'utf8').trim() === wanted(root)
  } catch {
    return false
  }
}

/** The Node of this machine, not the one in node_modules, which `npm ci` is about to remove. @param {string} root */
const hostNode = (root) => {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const candidates = (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, name))
  const inside = join(root, 'node_modules')
  return candidates.find((path) => !path.includes(inside) && isExecutable(path)) ?? process.execPath
}

/** @param {string} path */
const isExecutable = (path) => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The npm that called us; started by hand, the one on the PATH. @param {string} root @returns {[string, string[]]} */
const npm = (root) => {
  const script = process.env.npm_execpath
  if (script?.endsWith('.js') && existsSync(script)) return [hostNode(root), [script]]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', []]
}

/** @param {string} output */
const lastLines = (output) => output.trimEnd().split('\n').slice(-40).join('\n')

/**
 * Installs exactly what package-lock.json names. Quiet unless it fails. Interrupted, it starts over the next time.
 * @param {string} root @throws {SetUpError} with npm's last words
 */
export const installDependencies = async (root) => {
  say('Installing the npm dependencies (about a minute, once) …')
  rmSync(join(root, STAMP), { force: true })
  const [program, first] = npm(root)
  const { code, output } = await run(program, [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    // The Electron binary (100 MB) is fetched only where a window can be shown; see electron.mjs.
    env: { ...process.env, ELECTRON_SKIP_BINARY_DOWNLOAD: '1', PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' },
  })
  if (code !== 0) {
    throw new SetUpError(
      `npm could not install the dependencies (exit code ${code}):\n\n${lastLines(output)}\n`,
      'Nothing else was changed. Mend what it says, often the network or a proxy, and run the same command again.',
    )
  }
  writeFileSync(join(root, STAMP), `${wanted(root)}\n`)
}
