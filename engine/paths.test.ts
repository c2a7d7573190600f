import { chmod, mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  assertPrivateDirectory,
  assertSocketPathsFit,
  ensurePaths,
  entryPoint,
  isBuilt,
  packageRoot,
  resolvePaths,
} from './paths.ts'

const uid = process.getuid?.() ?? 0
let home = ''
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'mole-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

describe('resolvePaths', () => {
  it('follows XDG', () => {
    const paths = resolvePaths({ HOME: '/home/x', XDG_RUNTIME_DIR: home, XDG_STATE_HOME: '/s', XDG_CONFIG_HOME: '/c' })
    expect(paths).toMatchObject({
      runtime: `${home}/mole`,
      state: '/s/mole',
      config: '/c/mole',
      engineSocket: `${home}/mole/engine.sock`,
    })
  })

  it('falls back to the defaults, and ignores relative values', () => {
    const paths = resolvePaths({ HOME: '/home/x', XDG_STATE_HOME: 'relative' }, 4711)
    expect(paths).toMatchObject({
      runtime: '/tmp/mole-4711',
      state: '/home/x/.local/state/mole',
      config: '/home/x/.config/mole',
    })
  })

  it("does not use another user's runtime directory", () => {
    expect(resolvePaths({ HOME: '/h', XDG_RUNTIME_DIR: home }, uid + 1).runtime).toBe(`/tmp/mole-${uid + 1}`)
  })
})

describe('ensurePaths', () => {
  const paths = () => resolvePaths({ HOME: home, XDG_RUNTIME_DIR: home })

  it('makes closed directories, again and again', async () => {
    await ensurePaths(paths())
    await ensurePaths(paths())
    expect((await stat(paths().runtime)).mode & 0o777).toBe(0o700)
    expect((await stat(paths().state)).mode & 0o777).toBe(0o700)
  })

  it('refuses a symbolic link', async () => {
    await mkdir(join(home, 'elsewhere'), { mode: 0o700 })
    await symlink(join(home, 'elsewhere'), paths().runtime)
    await expect(ensurePaths(paths())).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining('symbolic link'),
    })
  })

  it('refuses a directory open to others', async () => {
    await mkdir(paths().runtime)
    await chmod(paths().runtime, 0o755)
    await expect(ensurePaths(paths())).rejects.toMatchObject({
      code: 'denied',
      data: { nextStep: expect.stringContaining('chmod') },
    })
  })

  it("refuses another user's directory", async () => {
    await expect(assertPrivateDirectory(home, uid + 1)).rejects.toMatchObject({ code: 'denied' })
  })

  it('refuses a name too long for a socket', () => {
    expect(() => assertSocketPathsFit(`/${'x'.repeat(100)}`)).toThrow(/too long/)
  })
})

describe('packageRoot', () => {
  it('finds the package and its programs', async () => {
    expect(isBuilt).toBe(false)
    expect((await stat(join(packageRoot(), 'package.json'))).isFile()).toBe(true)
    expect(entryPoint('helper')).toBe(join(packageRoot(), 'helper', 'main.ts'))
  })
})
