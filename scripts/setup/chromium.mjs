import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { hasApt, installPackages } from './apt.mjs'
import { observeDistribution } from './distribution.mjs'
import { obtainPrivilege } from './privilege.mjs'
import { run } from './run.mjs'
import { say } from './say.mjs'

const NAMES = ['chromium', 'google-chrome-stable', 'google-chrome']
const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** @returns {string | null} The Chromium Playwright would download for itself, if it has. */
const playwrightsOwn = () => {
  try {
    /** @type {{ chromium: { executablePath(): string } }} */
    const { chromium } = createRequire(import.meta.url)('playwright')
    return chromium.executablePath()
  } catch {
    return null
  }
}

/**
 * The Chromium the tests drive. `MOLE_CHROMIUM` names one. A snap's wrapper script cannot be driven by Playwright
 * and does not count (Ubuntu's `chromium-browser`).
 * @param {{ path?: string, exists?: (path: string) => boolean }} [world] @returns {string | null}
 */
export const findChromium = ({ path = process.env.PATH ?? '', exists = existsSync } = {}) => {
  const asked = process.env.MOLE_CHROMIUM
  if (asked !== undefined) return asked
  const onPath = path.split(delimiter).flatMap((directory) => NAMES.map((name) => join(directory, name)))
  return [...onPath, ...ELSEWHERE, playwrightsOwn()].find((file) => file !== null && exists(file)) ?? null
}

/**
 * Gets a Chromium for the tests: Debian's package where it may, else Playwright's own download.
 * @param {string} node The Node to run Playwright with. @param {string} root
 * @returns {Promise<string | null>} `null`, or why there is none
 */
export const ensureChromium = async (node, root) => {
  if (findChromium() !== null) return null
  if (observeDistribution().id === 'debian' && hasApt()) {
    const privilege = await obtainPrivilege('The tests of the panel need Chromium, to be installed.')
    if (privilege !== null) await installPackages(privilege, ['chromium'])
  }
  if (findChromium() !== null) return null
  say('Downloading a Chromium for the tests …')
  const cli = join(root, 'node_modules/playwright/cli.js')
  await run(node, [cli, 'install', 'chromium'], { cwd: root, timeoutMs: 5 * 60_000 })
  return findChromium() === null
    ? 'There is no Chromium or Chrome. Install one (Debian: sudo apt-get install -y chromium) or name one in MOLE_CHROMIUM.'
    : null
}
