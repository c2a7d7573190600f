import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPanelFile } from './panel-files.ts'

let base: string
let root: string

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'mole-'))
  root = join(base, 'renderer')
  await mkdir(join(root, 'assets'), { recursive: true })
  await writeFile(join(root, 'index.html'), '<!doctype html>')
  await writeFile(join(root, 'assets', 'index-Ab_1.js'), 'export {}')
  await writeFile(join(root, '.hidden.json'), 'secret')
  await writeFile(join(base, 'outside.json'), 'secret')
  await symlink(join(base, 'outside.json'), join(root, 'link.json'))
})

afterAll(() => rm(base, { recursive: true, force: true }))

const textOf = async (path: string): Promise<string | null> => {
  const file = await readPanelFile(root, path)
  return file === null ? null : Buffer.from(file.bytes).toString()
}

describe('panel files', () => {
  it('serves the page at / without a cache, and hashed assets for ever', async () => {
    expect(await readPanelFile(root, '/')).toMatchObject({
      mediaType: 'text/html; charset=utf-8',
      cacheControl: 'no-store',
    })
    expect((await readPanelFile(root, '/assets/index-Ab_1.js'))?.cacheControl).toContain('immutable')
  })

  it.each([
    '/../outside.json',
    '/assets/../../outside.json',
    '/%2e%2e/outside.json',
    '/..%2foutside.json',
    '/..\\outside.json',
    '//outside.json',
    '/link.json',
    '/.hidden.json',
    '/assets',
    '/assets/',
    '/index.html/x.json',
    '/index.html\0.json',
    '/nothing.js',
    '/index.php',
  ])('has nothing at %j', async (path) => {
    expect(await readPanelFile(root, path)).toBeNull()
  })

  it('never reads outside its folder, whatever the path', async () => {
    const segment = fc.constantFrom(
      '..',
      '.',
      '',
      'assets',
      'outside.json',
      '%2e%2e',
      '..;',
      '...',
      'link.json',
      '\\..\\',
      '.hidden.json',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(segment, { maxLength: 6 }), async (segments) => {
        expect(await textOf(`/${segments.join('/')}`)).not.toBe('secret')
      }),
    )
  })
})
