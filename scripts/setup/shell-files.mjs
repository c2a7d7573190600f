import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { run } from './run.mjs'
import { SetUpError } from './say.mjs'

/** What the built command tells of itself, for packages to put where shells and man look. @type {Readonly<Record<string, string[]>>} */
export const SHELL_FILES = {
  'man/mole.1': ['man'],
  'completions/mole.bash': ['completion', 'bash'],
  'completions/_mole': ['completion', 'zsh'],
  'completions/mole.fish': ['completion', 'fish'],
}

/**
 * Lets the command built into `dist` write its manual page and completions there.
 * @param {string} root @param {string} node Node 24 @param {string} dist @throws {SetUpError} with what the command says
 */
export const writeShellFiles = async (root, node, dist) => {
  const mole = ['--disable-warning=ExperimentalWarning', join(dist, 'cli/main.js')]
  const write = async (/** @type {[string, string[]]} */ [name, argv]) => {
    const { code, output } = await run(node, [...mole, ...argv], { cwd: root })
    if (code !== 0) throw new SetUpError(`"mole ${argv.join(' ')}" failed (exit code ${code}):\n\n${output}`)
    mkdirSync(dirname(join(dist, name)), { recursive: true })
    writeFileSync(join(dist, name), output)
  }
  await Promise.all(Object.entries(SHELL_FILES).map(write))
}
