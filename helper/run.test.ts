import { chmodSync, chownSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isTrusted } from './run.ts'

const IS_ROOT = process.geteuid?.() === 0
const SOMEBODY = 12_345

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mole-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const program = (mode: number): string => {
  const path = join(directory, 'program')
  writeFileSync(path, '#!/bin/sh\n')
  chmodSync(path, mode)
  return path
}

describe('a program that root may start', () => {
  it('is one that root alone can change', () => {
    expect(isTrusted('/bin/sh')).toBe(true)
    expect(isTrusted(program(0o755))).toBe(IS_ROOT)
  })

  it.each([0o775, 0o757, 0o777])('is not one that others can write: %o', (mode) => {
    expect(isTrusted(program(mode))).toBe(false)
  })

  it('is not one of somebody else, nor a link to one', (context) => {
    context.skip(!IS_ROOT, 'only root can give a file away')
    const path = program(0o755)
    chownSync(path, SOMEBODY, SOMEBODY)
    symlinkSync(path, join(directory, 'link'))
    expect(isTrusted(path)).toBe(false)
    expect(isTrusted(join(directory, 'link'))).toBe(false)
  })

  it('is one that can be run, and is there', () => {
    expect(isTrusted(program(0o644))).toBe(false)
    expect(isTrusted(join(directory, 'nothing'))).toBe(false)
  })
})

it('programs are found in system directories, whatever PATH says', async () => {
  const path = process.env.PATH
  process.env.PATH = directory
  try {
    // Anew: where a program was found once, it is not sought again.
    const anew = './run.ts?anew'
    const { systemRunner }: typeof import('./run.ts') = await import(anew)
    writeFileSync(join(directory, 'ip'), '#!/bin/sh\n', { mode: 0o755 })
    expect(systemRunner.pathOf('ip')).toMatch(/^\/(usr\/)?s?bin\/ip$/)
  } finally {
    process.env.PATH = path
  }
})
