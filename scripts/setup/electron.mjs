import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './run.mjs'
import { say } from './say.mjs'

/** Remembers that the binary could not be had, until the dependencies are installed anew. */
const FAILED = 'node_modules/.mole-electron'

/** The Electron binary, if it is there. @param {string} root @returns {string | null} */
const findElectron = (root) => {
  try {
    const binary = readFileSync(join(root, 'node_modules/electron/path.txt'), 'utf8').trim()
    const path = join(root, 'node_modules/electron/dist', binary)
    return existsSync(path) ? path : null
  } catch {
    return null
  }
}

/** A clone that belongs to somebody else cannot remember it, and tries again. @param {string} root @param {string} output */
const remember = (root, output) => {
  try {
    writeFileSync(join(root, FAILED), output)
  } catch {
    // It is only a memory.
  }
}

/**
 * The Electron binary, fetched by Electron's own script the first time.
 * @param {string} root @param {string} node @returns {Promise<string | null>}
 */
export const obtainElectron = async (root, node) => {
  const found = findElectron(root)
  if (found !== null || existsSync(join(root, FAILED))) return found
  say('Fetching Electron (about 100 MB, once; Ctrl-C ends it) …')
  const { code, output } = await run(node, [join(root, 'node_modules/electron/install.js')], {
    cwd: root,
    timeoutMs: 3 * 60_000,
  })
  if (code !== 0) remember(root, output)
  return findElectron(root)
}

/**
 * Why no window can be opened here, or `null` when one can.
 * @param {{ platform: NodeJS.Platform, env: NodeJS.ProcessEnv, isRoot: boolean }} world
 */
export const noWindowBecause = ({ platform, env, isRoot }) => {
  const hasDisplay = platform !== 'linux' || Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY)
  if (!hasDisplay) return 'There is no display here'
  // Chromium refuses to run as root with its sandbox, and without its sandbox we do not want it.
  return isRoot ? 'A window is not opened as root, since its sandbox could not be used' : null
}
