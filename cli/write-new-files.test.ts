import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeNewFiles } from './write-new-files.ts'

let base = ''
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'mole-'))
})
afterEach(() => rm(base, { recursive: true, force: true }))

const TWO = [
  { name: 'a.conf', text: 'A' },
  { name: 'b.conf', text: 'B' },
]

describe('new files', () => {
  it('are for their owner alone, in a directory that is made for them', async () => {
    const directory = join(base, 'deep', 'er')
    expect(await writeNewFiles(directory, TWO)).toEqual([join(directory, 'a.conf'), join(directory, 'b.conf')])
    expect(await readFile(join(directory, 'b.conf'), 'utf8')).toBe('B')
    expect((await stat(join(directory, 'a.conf'))).mode & 0o777).toBe(0o600)
    expect((await stat(directory)).mode & 0o777).toBe(0o700)
  })

  it('are all written or none, and never over another', async () => {
    await writeFile(join(base, 'b.conf'), 'mine')
    await expect(writeNewFiles(base, TWO)).rejects.toMatchObject({
      code: 'conflict',
      data: { field: join(base, 'b.conf') },
    })
    expect(await readdir(base)).toEqual(['b.conf'])
    expect(await readFile(join(base, 'b.conf'), 'utf8')).toBe('mine')
  })

  it('say when the directory cannot be one', async () => {
    await writeFile(join(base, 'file'), '')
    await expect(writeNewFiles(join(base, 'file'), TWO)).rejects.toMatchObject({ code: 'conflict' })
    await expect(writeNewFiles(join(base, 'file', 'below'), TWO)).rejects.toMatchObject({ code: 'not-available' })
    expect(await readFile(join(base, 'file'), 'utf8')).toBe('')
  })
})
