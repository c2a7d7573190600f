import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LAB_ENVIRONMENT, mustFindProgram, NEW_NAMESPACES } from '../cloud/lab/programs.ts'
import { type Home, makeHome } from './testing/home.ts'

let home: Home
beforeEach(async () => {
  home = await makeHome()
  await mkdir(home.profiles, { recursive: true })
})
afterEach(() => home.remove())

type Outcome = { readonly code: string; readonly message: string; readonly left: string[]; readonly text: string }

/** A profile of 100 KiB is written, then another text of it, on a disk of `size` that `after` (shell) makes worse. */
const writeOn = async (size: string, after: string): Promise<Outcome> => {
  const script = `
    const { openProfileFiles } = await import(${JSON.stringify(join(import.meta.dirname, 'profile-files.ts'))})
    const { resolvePaths } = await import(${JSON.stringify(join(import.meta.dirname, '..', 'paths.ts'))})
    const { readdirSync } = await import('node:fs')
    const { execFileSync } = await import('node:child_process')
    const files = openProfileFiles(resolvePaths())
    const { revision } = await files.create('lab', 'a'.repeat(100 * 1024))
    execFileSync('/bin/sh', ['-c', ${JSON.stringify(after)}, 'sh', files.directory])
    const problem = await files.write('lab', 'b'.repeat(100 * 1024), revision).then(() => null, (error) => error)
    const listed = await files.list()
    console.log(JSON.stringify({
      code: problem?.code, message: problem?.message, left: readdirSync(files.directory),
      text: listed.profiles[0].text.slice(0, 1) + listed.profiles[0].text.length,
    }))`
  const mount = `mount -t proc proc /proc; mount -t tmpfs -o size=${size},mode=700 tmpfs "$1"; shift; exec "$@"`
  const argv = [...NEW_NAMESPACES, '/bin/sh', '-c', mount, 'sh', home.profiles]
  const node = [process.execPath, '--input-type=module', '-e', script]
  const env = { ...LAB_ENVIRONMENT, ...home.environment }
  const { stdout } = await promisify(execFile)(await mustFindProgram('unshare'), [...argv, ...node], { env })
  return JSON.parse(stdout)
}

const UNTOUCHED = { left: ['lab.yaml'], text: `a${100 * 1024}` }

describe('a profile on the real kernel', () => {
  it('is left as it was on a disk too small for the new text, and nothing half-written stays', async () => {
    expect(await writeOn('150k', ':')).toEqual({
      ...UNTOUCHED,
      code: 'not-available',
      message: `${home.profiles} cannot be written: there is no room left on its disk.`,
    })
  })

  it('is left as it was on a disk with room for the new text but not for the backup', async () => {
    expect(await writeOn('250k', ':')).toEqual({
      ...UNTOUCHED,
      code: 'not-available',
      message: `${home.profiles} cannot be written: there is no room left on its disk.`,
    })
  })

  it('is left as it was on a disk that has become read-only, and is listed', async () => {
    expect(await writeOn('1m', 'mount -o remount,bind,ro "$1"')).toEqual({
      ...UNTOUCHED,
      code: 'denied',
      message: `${join(home.profiles, 'lab.yaml')} cannot be written: its disk is read-only.`,
    })
  })

  it('is written where there is room', async () => {
    expect(await writeOn('1m', ':')).toEqual({ left: ['lab.yaml', 'lab.yaml.bak'], text: `b${100 * 1024}` })
  })
})
