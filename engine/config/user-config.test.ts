import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resolvePaths } from '../paths.ts'
import { openUserConfig, type UserConfig } from './user-config.ts'

let home: string
let user: UserConfig
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mole-'))
  user = openUserConfig(resolvePaths({ HOME: home, XDG_RUNTIME_DIR: home }))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const write = (text: string): void => {
  mkdirSync(dirname(user.path), { recursive: true })
  writeFileSync(user.path, text)
}
const REGION = [{ path: 'aws.region', value: 'us-west-2' }]

describe('the user’s own configuration', () => {
  it('is made where it is not there, for its owner alone', async () => {
    await user.change(REGION)
    expect(readFileSync(user.path, 'utf8')).toContain('region: us-west-2')
    expect(statSync(user.path).mode & 0o777).toBe(0o600)
  })

  it('keeps comments and every other key', async () => {
    write('# mine\ntunnel:\n  mtu: 1380  # measured\naws:\n  region: eu-west-1 # near\n')
    await user.change(REGION)
    expect(readFileSync(user.path, 'utf8')).toBe(
      '# mine\ntunnel:\n  mtu: 1380  # measured\naws:\n  region: us-west-2 # near\n',
    )
  })

  it('is changed where a symbolic link says that it is kept', async () => {
    const kept = join(home, 'dotfiles.yaml')
    writeFileSync(kept, 'tunnel: { mtu: 1400 }\n')
    mkdirSync(dirname(user.path), { recursive: true })
    symlinkSync(kept, user.path)
    await user.change(REGION)
    expect(lstatSync(user.path).isSymbolicLink()).toBe(true)
    expect(readFileSync(kept, 'utf8')).toContain('us-west-2')
  })

  it.each(['- a\n- b\n', 'a: [\n'])('is left alone where it is no mapping: %j', async (text) => {
    write(text)
    await expect(user.change(REGION)).rejects.toMatchObject({ code: 'bad-input', data: { field: user.path } })
    expect(readFileSync(user.path, 'utf8')).toBe(text)
  })
})
