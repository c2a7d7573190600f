import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MoleError } from '../contract/errors.ts'
import { editorOf, openScratch } from './scratch.ts'

describe('the person’s editor', () => {
  it.each([
    [{}, ['vi']],
    [{ EDITOR: 'nano' }, ['nano']],
    [{ EDITOR: 'nano', VISUAL: 'code --wait' }, ['code', '--wait']],
    [{ EDITOR: 'nano', VISUAL: ' ' }, ['nano']],
    [{ EDITOR: 'x; rm -rf "$HOME"' }, ['x;', 'rm', '-rf', '"$HOME"']],
  ])('of %j is %j: words, and never a shell', (env, expected) => {
    expect(editorOf(env)).toEqual(expected)
  })

  it('that is not installed is named, and no copy stays', async () => {
    const scratch = await openScratch('lab.yaml', 'x', { EDITOR: 'nonesuch' }, async () => {
      throw new MoleError('missing-program', 'The program "nonesuch" is not installed.')
    })
    await expect(scratch.edit()).rejects.toMatchObject({
      code: 'missing-program',
      message: expect.stringContaining('"nonesuch"'),
      data: { nextStep: expect.stringContaining('VISUAL=') },
    })
    expect(existsSync(dirname(scratch.path))).toBe(false)
  })
  it('that may not be run is named too', async () => {
    const scratch = await openScratch('lab.yaml', 'x', { EDITOR: '/' })
    await expect(scratch.edit()).rejects.toMatchObject({ code: 'missing-program' })
    expect(existsSync(dirname(scratch.path))).toBe(false)
  })

  it.each([
    ['nothing', () => {}],
    ['a directory', (path: string) => mkdirSync(path)],
    ['a named pipe', (path: string) => void execFileSync('mkfifo', [path])],
  ])('that leaves %s in the place of the text has saved none', async (_what, leave) => {
    const scratch = await openScratch('lab.yaml', 'x', {}, async (_program, argv) => {
      const path = argv.at(-1) ?? ''
      rmSync(path)
      leave(path)
      return 0
    })
    try {
      await expect(scratch.edit()).rejects.toMatchObject({ code: expect.stringMatching(/^(cancelled|not-available)$/) })
    } finally {
      await scratch.remove()
    }
  })
})
