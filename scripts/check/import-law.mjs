import { builtinModules } from 'node:module'
import { readModule, resolveImport } from './module-records.mjs'
import { isCode, isTest } from './source-files.mjs'

/**
 * @typedef {object} Layer
 * @property {string[]} layers Layers of ours it may import besides itself.
 * @property {string[]} [packages] The only packages it may import; without it, any that no rule below reserves.
 * @property {boolean} [node] Whether it may use Node's own modules.
 */

/** Who may import whom; see docs/architecture.md. @type {Record<string, Layer>} */
const LAYERS = {
  domain: { layers: [], packages: ['zod', 'ipaddr.js', 'yaml'], node: false },
  contract: { layers: ['domain'], packages: ['zod', 'vscode-jsonrpc'], node: false },
  helper: { layers: ['contract', 'domain'], packages: ['zod', 'vscode-jsonrpc', 'ipaddr.js', 'koffi'] },
  engine: { layers: ['contract', 'domain'] },
  headless: { layers: ['engine', 'contract', 'domain'] },
  cli: { layers: ['engine', 'headless', 'contract', 'domain'] },
  electron: { layers: ['engine', 'headless', 'contract', 'domain'] },
  renderer: {
    layers: ['contract', 'domain'],
    packages: [
      'react',
      'react-dom',
      'react-is',
      'recharts',
      'wouter',
      'zod',
      'zustand',
      'yaml',
      '@codemirror/*',
      '@lezer/*',
      'ipaddr.js',
      'vscode-jsonrpc',
      '@mantine/*',
      '@tanstack/*',
      '@tabler/*',
      '@fontsource-variable/*',
    ],
    node: false,
  },
}

/** Modules only some places may touch, whatever their layer. @type {{ module: RegExp, places: RegExp, why: string, typesAreFree?: boolean }[]} */
const RESERVED = [
  { module: /^electron(\/|$)/, places: /^electron\//, why: 'only electron/ touches Electron' },
  { module: /^@aws-sdk\//, places: /^engine\/cloud\/aws\//, why: 'only engine/cloud/aws/ speaks to AWS' },
  { module: /^(react|react-dom)(\/|$)/, places: /^(renderer|cli)\//, why: 'only the panel and the terminal are drawn' },
  { module: /^koffi$/, places: /^helper\/native\/libc\.ts$/, why: 'the C library is called from one place' },
  {
    module: /^(node:)?child_process$/,
    places:
      /^(helper\/run|engine\/run|engine\/cloud\/terraform\/run-terraform|engine\/host\/start-helper|engine\/probe\/run-measurement|engine\/cloud\/lab\/(trial|world)|electron\/install-helper|cli\/(background-engine|open-browser|run-here))\.ts$|^scripts\//,
    why: 'processes are started in named places only',
    typesAreFree: true,
  },
]

/** @param {string} from */
const isNodeModule = (from) => from.startsWith('node:') || builtinModules.includes(from.split('/')[0] ?? '')

/** @param {string} from @param {string[]} packages */
const isAllowedPackage = (from, packages) =>
  packages.some((name) =>
    name.endsWith('*') ? from.startsWith(name.slice(0, -1)) : from === name || from.startsWith(`${name}/`),
  )

/** @param {string} path @param {import('./module-records.mjs').Import} anImport @returns {string | null} What is wrong with it. */
const judge = (path, { from, isType }) => {
  const reserved = RESERVED.find(
    ({ module, places, typesAreFree }) => module.test(from) && !places.test(path) && !(typesAreFree && isType),
  )
  if (reserved !== undefined && !(isTest(path) && !from.startsWith('electron'))) return reserved.why
  const name = path.split('/')[0] ?? ''
  const layer = LAYERS[name]
  if (layer === undefined || isTest(path)) return null
  const target = resolveImport(path, from)
  if (target !== null) {
    if (isTest(target)) return 'a program may not import its tests'
    const other = target.split('/')[0] ?? ''
    const isOpen = other === name || layer.layers.includes(other) || other === 'resources' || target === 'package.json'
    return isOpen ? null : `${name}/ may import ${layer.layers.join(', ') || 'nothing of ours'}`
  }
  if (isNodeModule(from)) return layer.node === false ? `${name}/ runs where there is no Node` : null
  return layer.packages === undefined || isAllowedPackage(from, layer.packages)
    ? null
    : `${name}/ may use only ${layer.packages.join(', ')}`
}

/**
 * Every import that breaks the law, as `file:line: import: why`.
 * @param {readonly import('./source-files.mjs').SourceFile[]} files
 */
export const findUnlawfulImports = (files) =>
  files.filter(isCode).flatMap((file) => {
    const { path, imports } = readModule(file)
    return imports.flatMap((each) => {
      const why = judge(path, each)
      return why === null ? [] : [`${path}:${each.line}: "${each.from}": ${why}`]
    })
  })
