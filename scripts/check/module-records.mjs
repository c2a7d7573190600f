import { posix } from 'node:path'
import { parseSync } from 'vite'

/**
 * @typedef {object} Import
 * @property {string} from As written.
 * @property {string[]} names Exported names it takes; `default`, or `*` for all of them.
 * @property {number} line
 * @property {boolean} [isType] It vanishes when the types are stripped.
 */
/** @typedef {{ path: string, imports: Import[], exports: { name: string, isType: boolean, line: number }[] }} ModuleRecord */

/** @param {string} text @param {number} offset */
const lineAt = (text, offset) => text.slice(0, offset).split('\n').length

/** @param {{ kind: string, name: string | null }} name */
const nameOf = ({ kind, name }) => (kind === 'Default' ? 'default' : kind === 'Name' && name !== null ? name : '*')

/**
 * What a module imports and exports, read by the parser Vite builds with.
 * @param {import('./source-files.mjs').SourceFile} file @returns {ModuleRecord}
 */
export const readModule = ({ path, text }) => {
  const { module, errors } = parseSync(path, text)
  const [error] = errors
  if (error !== undefined) throw new Error(`${path}: ${error.message}`)
  /** @type {Import[]} */
  const imports = module.staticImports.map(({ start, moduleRequest, entries }) => ({
    from: moduleRequest.value,
    names: entries.map(({ importName }) => (importName.kind === 'NamespaceObject' ? '*' : nameOf(importName))),
    line: lineAt(text, start),
    isType: entries.length > 0 && entries.every((entry) => entry.isType),
  }))
  for (const { moduleRequest } of module.dynamicImports) {
    const from = /^['"`](.*)['"`]$/.exec(text.slice(moduleRequest.start, moduleRequest.end))?.[1]
    if (from !== undefined) imports.push({ from, names: ['*'], line: lineAt(text, moduleRequest.start) })
  }
  /** @type {ModuleRecord['exports']} */
  const exports = []
  for (const { start, entries } of module.staticExports) {
    for (const { exportName, moduleRequest, importName, isType } of entries) {
      if (moduleRequest !== null)
        imports.push({ from: moduleRequest.value, names: [nameOf(importName)], line: lineAt(text, start) })
      if (exportName.kind !== 'None') exports.push({ name: nameOf(exportName), isType, line: lineAt(text, start) })
    }
  }
  return { path, imports, exports }
}

/** The file of ours an import names, or `null` for a package. Vite's `?raw` and the like are left off. @param {string} path @param {string} from */
export const resolveImport = (path, from) =>
  from.startsWith('.') ? posix.join(posix.dirname(path), from.replace(/\?.*$/, '')) : null
