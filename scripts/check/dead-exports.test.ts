import { describe, expect, it } from 'vitest'
import { findDeadExports } from './dead-exports.mjs'

const files = (contents: Record<string, string>) => Object.entries(contents).map(([path, text]) => ({ path, text }))

describe('findDeadExports', () => {
  it('finds an export nobody takes and a file nobody reaches', () => {
    const found = findDeadExports(
      files({
        'cli/main.ts': "import { used } from './a.ts'\nused()\n",
        'cli/a.ts': 'export const used = () => {}\n\nexport const unused = 1\n',
        'cli/b.ts': 'export const lonely = 1\n',
      }),
    )
    expect(found).toEqual(['cli/a.ts:3: nothing imports "unused"', 'cli/b.ts: nothing imports this file'])
  })

  it.each([
    ['renamed', "import { a as b } from './a.ts'"],
    ['whole', "import * as a from './a.ts'"],
    ['dynamic', "const { a } = await import('./a.ts')"],
    ['passed on', "export { a } from './a.ts'"],
    ['as a type', "let a: import('./a.ts').a; import './a.ts'"],
  ])('accepts an import that is %s', (_, text) => {
    expect(findDeadExports(files({ 'cli/main.ts': text, 'cli/a.ts': 'export const a = 1\n' }))).toEqual([])
  })

  it('lets a type be exported for a signature, but not one that nothing mentions', () => {
    const text = 'export type Seen = 1\nexport type Unseen = 2\nexport const a = (x: Seen): Seen => x\n'
    const found = findDeadExports(files({ 'cli/main.ts': "import { a } from './a.ts'\na(1)\n", 'cli/a.ts': text }))
    expect(found).toEqual(['cli/a.ts:2: nothing imports "Unseen"'])
  })

  it('takes a test for a user', () => {
    const test = "import { a } from './a.ts'"
    expect(findDeadExports(files({ 'cli/a.test.ts': test, 'cli/a.ts': 'export const a = 1' }))).toEqual([])
  })
})
