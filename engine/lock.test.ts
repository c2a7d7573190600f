import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { takeEngineLock } from './lock.ts'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mole-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const path = () => join(directory, 'engine.lock')

describe('takeEngineLock', () => {
  it('refuses a second engine and names the first', () => {
    const lock = takeEngineLock(path())
    expect(() => takeEngineLock(path())).toThrowError(
      expect.objectContaining({ code: 'conflict', message: expect.stringContaining(String(process.pid)) }),
    )
    lock.release()
  })

  it('is free again after release', () => {
    takeEngineLock(path()).release()
    const again = takeEngineLock(path())
    expect(again.path).toBe(path())
    again.release()
    again.release()
  })

  it('is not kept by an engine that could not write down who it is', async () => {
    await mkdir(`${path()}.pid`)
    expect(() => takeEngineLock(path())).toThrowError(expect.objectContaining({ code: 'not-available' }))
    await rm(`${path()}.pid`, { recursive: true })
    takeEngineLock(path()).release()
  })

  it('names the file when it cannot be a lock', async () => {
    await writeFile(path(), 'not a database, and longer than a header of one would be'.repeat(40))
    expect(() => takeEngineLock(path())).toThrowError(
      expect.objectContaining({ code: 'not-available', message: expect.stringContaining(path()) }),
    )
  })

  it('holds between processes, and falls with the process that held it', async () => {
    const module = fileURLToPath(new URL('./lock.ts', import.meta.url))
    const script = join(directory, 'holder.mjs')
    await writeFile(
      script,
      `import { takeEngineLock } from ${JSON.stringify(module)}\ntakeEngineLock(${JSON.stringify(path())})\nconsole.log('held')\nsetInterval(() => {}, 1000)\n`,
    )
    const holder = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      await once(holder.stdout, 'data')
      expect(() => takeEngineLock(path())).toThrowError(
        expect.objectContaining({ code: 'conflict', message: expect.stringContaining(`process ${holder.pid}`) }),
      )
    } finally {
      holder.kill('SIGKILL')
      await once(holder, 'exit')
    }
    takeEngineLock(path()).release()
  })
})
