import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../setup/run.mjs'
import { findDeadExports } from './dead-exports.mjs'
import { findInexactVersions } from './exact-versions.mjs'
import { findUnlawfulImports } from './import-law.mjs'
import { findMachinePaths } from './machine-paths.mjs'
import { readSourceFiles } from './source-files.mjs'
import { findStaleFiles } from './stale-files.mjs'

/** @typedef {{ name: string, act: () => Promise<string> }} Check `act` gives what is wrong, or nothing. */

/** @param {string} root @param {string} name @param {string[]} argv */
const program = async (root, name, ...argv) => {
  const { code, output } = await run(join(root, 'node_modules/.bin', name), argv, { cwd: root, timeoutMs: 5 * 60_000 })
  return code === 0 ? '' : output.trim() || `exit code ${code}`
}

/** One type check per layer: each sees only the globals it has when it runs. @param {string} root @returns {Check[]} */
const typeChecks = (root) =>
  readdirSync(root)
    .flatMap((file) => /^tsconfig\.(\w+)\.json$/.exec(file)?.[1] ?? [])
    .map((layer) => ({
      name: `types: ${layer}`,
      act: () => program(root, 'tsc', '-p', `tsconfig.${layer}.json`, '--pretty', 'false'),
    }))

/** Everything that can be said about the code without running it. @param {string} root @returns {Check[]} */
export const staticChecks = (root) => {
  const files = readSourceFiles(root)
  /** @param {string} path */
  const textOf = (path) => files.find((file) => file.path === path)?.text ?? ''
  /** @param {() => string[]} find */
  const lines = (find) => async () => find().join('\n')
  return [
    {
      name: 'lint and format: biome',
      act: () =>
        program(
          root,
          'biome',
          'check',
          '--colors=off',
          '--reporter=concise',
          '--error-on-warnings',
          '--max-diagnostics=60',
          '.',
        ),
    },
    { name: 'lint with types: oxlint', act: () => program(root, 'oxlint', '--type-aware', '--format=unix', '.') },
    ...typeChecks(root),
    { name: 'import law', act: lines(() => findUnlawfulImports(files)) },
    { name: 'no dead exports', act: lines(() => findDeadExports(files)) },
    {
      name: 'generated files are current',
      act: async () => {
        // Made by the programs' own code: when that is broken, only this check is.
        const { generatedFiles } = await import('../generate/generated-files.mjs')
        return findStaleFiles(files, generatedFiles()).join('\n')
      },
    },
    { name: 'exact versions', act: lines(() => findInexactVersions(textOf('package.json'))) },
    { name: 'no paths of one machine', act: lines(() => findMachinePaths(files, root)) },
  ]
}
