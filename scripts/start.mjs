import { join } from 'node:path'
import { noWindowBecause, obtainElectron } from './setup/electron.mjs'
import { isEnding, run } from './setup/run.mjs'
import { say } from './setup/say.mjs'
import { command, NODE, ROOT, setUp } from './setup/set-up.mjs'

/** The window if there can be one, else why not. @returns {Promise<{ electron: string } | { because: string }>} */
const chooseShell = async () => {
  if (process.argv.includes('--headless')) return { because: 'As asked' }
  const because = noWindowBecause({
    platform: process.platform,
    env: process.env,
    isRoot: process.getuid?.() === 0,
  })
  if (because !== null) return { because }
  const electron = await obtainElectron(ROOT, NODE)
  return electron === null
    ? { because: 'Electron could not be fetched (npx install-electron tries again)' }
    : { electron }
}

/** What `mole` ends with when the present state forbids it: here, an engine of this user runs already. */
const CONFLICT = 4

/** @param {string[]} argv */
const mole = async (...argv) =>
  (await run(NODE, [join(ROOT, 'dist/cli/main.js'), ...argv], { cwd: ROOT, foreground: true })).code

/** Serves the panel until Ctrl-C; where an engine does so already, gives a fresh address of it. */
const serve = async () => {
  const code = await mole('serve', '--open')
  if (code !== CONFLICT || isEnding()) return code
  say('\nIts panel:')
  return mole('panel', '--open')
}

/** Opens the panel and stays until it is closed. */
const start = async () => {
  const { labLack } = await setUp()
  if (isEnding()) return 130
  if (labLack !== null) say(`\n${labLack}\nThe panel opens all the same; its doctor says this too.\n`)
  const shell = await chooseShell()
  if (isEnding()) return 130
  if ('electron' in shell) return (await run(shell.electron, [ROOT], { cwd: ROOT, foreground: true })).code
  say(`${shell.because}: the panel opens in a browser.`)
  return serve()
}

await command(start)
