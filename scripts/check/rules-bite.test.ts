import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../setup/run.mjs'
import { ROOT } from '../setup/set-up.mjs'

/** A rule nobody has seen fail may be a rule that is switched off: each is fed what it must refuse. */

const bin = (name: string) => join(ROOT, 'node_modules/.bin', name)
let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mole-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('biome', () => {
  const lint = (name: string, text: string) => {
    const file = join(directory, name)
    writeFileSync(file, text)
    const settings = [`--config-path=${join(ROOT, 'biome.json')}`, '--vcs-enabled=false', '--colors=off']
    return run(bin('biome'), ['check', ...settings, file], { cwd: ROOT })
  }

  it.each([
    ['noBarrelFile', 'a.ts', "export { b } from './b.ts'\n"],
    ['noReExportAll', 'a.ts', "export * from './b.ts'\n"],
    ['noEnum', 'a.ts', 'export enum Colour {\n  Red,\n}\n'],
    ['noExplicitAny', 'a.ts', 'export const a = (b: any) => b\n'],
    ['useImportType', 'a.ts', "import { B } from './b.ts'\n\nexport const a = (b: B): B => b\n"],
    ['noUnusedImports', 'a.ts', "import { b } from './b.ts'\n"],
    ['noDangerouslySetInnerHtml', 'A.tsx', 'export const A = () => <p dangerouslySetInnerHTML={{ __html: x }} />\n'],
  ])('%s', async (rule, name, text) => {
    const { output } = await lint(name, text)
    expect(output).toContain(rule)
  })

  it('accepts clean code', async () => {
    const text = 'export const a = 1\n'
    expect(await lint('a.ts', text)).toMatchObject({ code: 0 })
  })
})

describe('oxlint', () => {
  const lint = async (name: string, text: string) => {
    const file = join(directory, name)
    writeFileSync(file, text)
    writeFileSync(
      join(directory, 'tsconfig.json'),
      JSON.stringify({
        extends: join(ROOT, 'tsconfig.json'),
        compilerOptions: { lib: ['ES2024', 'DOM'] },
        include: ['*.ts'],
      }),
    )
    return run(bin('oxlint'), ['--type-aware', '--format=unix', '-c', join(ROOT, '.oxlintrc.json'), file], {
      cwd: ROOT,
    })
  }

  it.each([
    ['no-floating-promises', 'float.ts', 'const go = async () => {}\nexport const a = () => {\n  go()\n}\n'],
    [
      'no-misused-promises',
      'misused.ts',
      'export const a = (go: () => Promise<void>) => [1].forEach(() => go())\nexport const b = (p: Promise<boolean>) => (p ? 1 : 2)\n',
    ],
    ['await-thenable', 'await.ts', 'export const a = async (b: number) => {\n  await b\n}\n'],
    [
      'switch-exhaustiveness-check',
      'switch.ts',
      "export const a = (b: 'x' | 'y') => {\n  switch (b) {\n    case 'x':\n      return 1\n  }\n  return 2\n}\n",
    ],
    ['only-throw-error', 'throw.ts', "export const a = () => {\n  throw 'no'\n}\n"],
    [
      'no-focused-tests',
      'focus.test.ts',
      "import { expect, it } from 'vitest'\nit.only('a', () => expect(1).toBe(1))\n",
    ],
    ['expect-expect', 'silent.test.ts', "import { it } from 'vitest'\nit('a', () => {})\n"],
  ])('%s', async (rule, name, text) => {
    const { code, output } = await lint(name, text)
    expect(output).toContain(rule)
    expect(code).not.toBe(0)
  })
})

describe('types per layer', () => {
  const check = async (layer: string, text: string) => {
    const place = join(directory, layer)
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, 'a.ts'), text)
    writeFileSync(
      join(place, 'tsconfig.json'),
      JSON.stringify({
        extends: join(ROOT, `tsconfig.${layer}.json`),
        compilerOptions: { typeRoots: [join(ROOT, 'node_modules/@types')] },
        include: ['a.ts'],
      }),
    )
    return run(bin('tsc'), ['-p', place], { cwd: ROOT })
  }

  it.each([
    ['domain', 'export const a = process.pid\n'],
    ['domain', 'export const a = document.title\n'],
    ['domain', 'export const a = (b: number[]): number => b[0]\n'],
    ['contract', 'export const a = Buffer.from([])\n'],
    ['engine', 'export const a = document.title\n'],
    ['helper', 'export const a = window\n'],
    ['helper', 'export class A {\n  constructor(readonly b: number) {}\n}\n'],
  ])('%s refuses %j', async (layer, text) => {
    expect(await check(layer, text)).toMatchObject({
      code: expect.not.toSatisfy((code: number) => code === 0 || code === 127),
    })
  })

  it('accepts clean code', async () => {
    expect(await check('domain', 'export const a = 1\n')).toMatchObject({ code: 0 })
  })
})
