import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join } from 'node:path'
import { parseSync } from 'vite'
import { SHELL_FILES } from '../setup/shell-files.mjs'

/** Every program there has to be, and what it tells of itself. */
const PROGRAMS = [
  'cli/main.js',
  'helper/main.js',
  'helper/relay.js',
  'helper/probe.js',
  'electron/main.js',
  'electron/preload.cjs',
  'renderer/index.html',
  ...Object.keys(SHELL_FILES),
]

/** The helper is to be read by those who have to trust it with root. */
const HELPER_LIMIT_BYTES = 1_000_000

/** @param {string} text */
const withoutComments = (text) => {
  const { comments } = parseSync('bundle.js', text)
  const parts = comments.map(({ end }, index) => text.slice(end, comments[index + 1]?.start ?? text.length))
  return [text.slice(0, comments[0]?.start ?? text.length), ...parts].join(' ')
}

const STATIC_IMPORT = /^(?:import|export)\b(?:[^'"\n]*?\bfrom)?\s*["']([^"']+)["']/gm
const REQUIRE = /\b(?:__)?(?:require|import)\(["']([^"']+)["']\)/g

/** Modules a built program loads when it runs. @param {string} text */
export const loadedModules = (text) => {
  const code = withoutComments(text)
  return [
    ...new Set([STATIC_IMPORT, REQUIRE].flatMap((form) => [...code.matchAll(form)].map((match) => match[1] ?? ''))),
  ]
}

/** What a page's policy `script-src 'self'` would refuse. @param {string} html */
export const findInlineCode = (html) => [
  ...[...html.matchAll(/<script\b(?![^>]*\bsrc=)[^>]*>/gi)].map((match) => `inline script ${match[0]}`),
  ...[...html.matchAll(/\son\w+=/gi)].map((match) => `inline handler${match[0]}`),
  ...[...html.matchAll(/<style\b[^>]*>/gi)].map((match) => `inline style ${match[0]}`),
  ...[...html.matchAll(/(?:src|href)=["'](?:data:|https?:)[^"']*/gi)].map((match) => `foreign address ${match[0]}`),
]

/** @param {string} module @param {string[]} others Packages it may load besides Node's own modules. */
const isAtHand = (module, others) =>
  module.startsWith('node:') || builtinModules.includes(module) || others.includes(module)

/**
 * What is wrong with the built programs.
 * @param {string} root
 */
export const findBundleFaults = (root) => {
  /** @param {string} name */
  const at = (name) => join(root, 'dist', name)
  /** @param {string} name */
  const read = (name) => (existsSync(at(name)) ? readFileSync(at(name), 'utf8') : '')
  /** @param {string} name @param {string[]} others */
  const foreign = (name, others) =>
    loadedModules(read(name))
      .filter((module) => !isAtHand(module, others) && !existsSync(join(dirname(at(name)), module)))
      .map((module) => `dist/${name} loads "${module}", which is not shipped with it`)
  const faults = PROGRAMS.filter((name) => !existsSync(at(name))).map((name) => `dist/${name} is missing`)
  // `ws` asks for two optional natives and does without; so does `ink` for its debugger, and the AWS SDK for signing
  // requests to several regions at once, which we have none of.
  const optional = ['koffi', 'bufferutil', 'utf-8-validate', 'react-devtools-core', '@aws-sdk/signature-v4a']
  for (const name of existsSync(at('cli')) ? readdirSync(at('cli')) : [])
    if (name.endsWith('.js')) faults.push(...foreign(`cli/${name}`, optional))
  for (const name of ['main.js', 'relay.js', 'probe.js']) faults.push(...foreign(`helper/${name}`, ['koffi']))
  faults.push(
    ...foreign('electron/main.js', ['koffi', 'electron', 'bufferutil', 'utf-8-validate', '@aws-sdk/signature-v4a']),
  )
  faults.push(
    ...loadedModules(read('electron/preload.cjs'))
      .filter((module) => module !== 'electron')
      .map((module) => `dist/electron/preload.cjs requires "${module}", which its sandbox refuses`),
  )
  if (existsSync(at('helper/main.js')) && statSync(at('helper/main.js')).size > HELPER_LIMIT_BYTES)
    faults.push(`dist/helper/main.js is larger than ${HELPER_LIMIT_BYTES} bytes`)
  const pages = existsSync(at('renderer')) ? readdirSync(at('renderer')).filter((name) => name.endsWith('.html')) : []
  for (const page of pages)
    faults.push(...findInlineCode(read(`renderer/${page}`)).map((what) => `dist/renderer/${page}: ${what}`))
  return faults
}
