import { readModule, resolveImport } from './module-records.mjs'
import { isCode, isTest } from './source-files.mjs'

/** Where execution begins, or a tool reads the default export: nothing imports these. */
const ENTRIES =
  /^((cli|helper|headless|electron|renderer)\/main\.tsx?|electron\/preload\.ts|[^/]+\.config\.ts|scripts\/[^/]+\.mjs)$/

/** @param {string} path */
const isEntry = (path) => ENTRIES.test(path) || isTest(path)

/** The vocabulary of the other layers: a word that is used where it is defined may stand ready for them. */
const VOCABULARY = /^(domain|contract)\//

/**
 * Exports nobody imports and files nobody reaches. An export that only tests import is alive: it is what they test.
 * A type may be exported for the sake of those who see it in a signature, if its own file uses it.
 * @param {readonly import('./source-files.mjs').SourceFile[]} files
 */
export const findDeadExports = (files) => {
  const code = files.filter(isCode)
  const modules = code.map(readModule)
  /** @type {Map<string, Set<string>>} */
  const taken = new Map(modules.map(({ path }) => [path, new Set()]))
  for (const { path, imports } of modules) {
    for (const { from, names } of imports) {
      const names_ = taken.get(resolveImport(path, from) ?? '')
      if (names.length === 0) names_?.add('')
      for (const name of names) names_?.add(name)
    }
  }
  // A page names its script in HTML, and a program starts another by its path.
  const mentioned = files.map(({ text }) => text)
  return modules.flatMap(({ path, exports }) => {
    const names = taken.get(path) ?? new Set()
    if (isEntry(path) || names.has('*')) return []
    if (names.size === 0)
      return mentioned.some((text) => text.includes(`/${path.split('/').at(-1)}'`))
        ? []
        : [`${path}: nothing imports this file`]
    return [...new Map(exports.map((each) => [each.name, each])).values()]
      .filter(({ name, isType }) => {
        if (names.has(name) || isUsedByType(code, path, name)) return false
        return !((isType || VOCABULARY.test(path)) && isUsedAtHome(code, path, name))
      })
      .map(({ name, line }) => `${path}:${line}: nothing imports "${name}"`)
  })
}

/** Whether the file itself uses what it exports. @param {readonly import('./source-files.mjs').SourceFile[]} code @param {string} path @param {string} name */
const isUsedAtHome = (code, path, name) => {
  const text = code.find((file) => file.path === path)?.text ?? ''
  const mentions = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0
  const declarations = text.match(new RegExp(`^export (const|type|function|class) ${name}\\b`, 'gm'))?.length ?? 0
  return mentions > declarations
}

/** `import('./file.mjs').Name` in a type or a JSDoc comment. @param {readonly import('./source-files.mjs').SourceFile[]} code @param {string} path @param {string} name */
const isUsedByType = (code, path, name) => {
  const file = path.split('/').at(-1) ?? path
  return code.some(({ text }) => text.includes(`${file}').${name}`))
}
