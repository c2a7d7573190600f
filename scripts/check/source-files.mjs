import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** @typedef {{ path: string, text: string }} SourceFile `path` is relative to the clone, with `/`. */

const NOT_OURS = /^(node_modules|dist(\..*)?|release|coverage|test-results|\.git|\.artifacts|.*\.tsbuildinfo)$/

/** @param {string} root @param {string} directory @returns {string[]} */
const walk = (root, directory) =>
  readdirSync(join(root, directory), { withFileTypes: true })
    .filter(({ name }) => !NOT_OURS.test(name))
    .flatMap((entry) => {
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`
      return entry.isDirectory() ? walk(root, path) : entry.isFile() ? [path] : []
    })

/** Every file of the clone that is text of ours. @param {string} root @returns {SourceFile[]} */
export const readSourceFiles = (root) =>
  walk(root, '')
    .filter((path) => /\.(tsx?|mjs|cjs|js|json|css|html|md|sh|ya?ml)$/.test(path) || !path.includes('.'))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))

/** @param {SourceFile} file */
export const isCode = ({ path }) => /\.(tsx?|mjs)$/.test(path) && !path.endsWith('.d.ts')

/** Tests and what only serves them; they may use more than the layer they stand in. @param {string} path */
export const isTest = (path) => /\.(test|spec)\.tsx?$/.test(path) || /(^|\/)(e2e|bench|testing)\//.test(path)
