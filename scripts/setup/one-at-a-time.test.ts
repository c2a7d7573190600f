import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { oneAtATime } from './one-at-a-time.mjs'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mole-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))
const lock = () => join(directory, 'lock')

describe('oneAtATime', () => {
  it('never lets two act at once, and serves all', async () => {
    let acting = 0
    let most = 0
    const act = async () => {
      acting += 1
      most = Math.max(most, acting)
      await sleep(5)
      acting -= 1
      return 'done'
    }
    const results = await Promise.all(Array.from({ length: 4 }, () => oneAtATime(lock(), act)))
    expect(results).toEqual(['done', 'done', 'done', 'done'])
    expect(most).toBe(1)
    expect(readdirSync(directory)).toEqual([])
  })

  it('is free again when the act fails', async () => {
    await expect(oneAtATime(lock(), () => Promise.reject(new Error('no network')))).rejects.toThrow('no network')
    expect(existsSync(lock())).toBe(false)
  })

  it('ignores the lock of a process that is gone', async () => {
    const { pid } = spawnSync(process.execPath, ['--version'])
    writeFileSync(lock(), `${pid}\n`)
    await expect(oneAtATime(lock(), async () => 'mine')).resolves.toBe('mine')
    expect(readdirSync(directory)).toEqual([])
  })

  it('gives up on a living one in the end, and says what to do', async () => {
    writeFileSync(lock(), `${process.pid}\n`)
    await expect(oneAtATime(lock(), async () => 'never', { patienceMs: 1 })).rejects.toThrow(/process \d+.*\n.*remove/)
    expect(existsSync(lock())).toBe(true)
  })
})
