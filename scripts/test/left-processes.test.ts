import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { awaitNoProcesses, endProcessesOf, findProcessesOf } from './left-processes.mjs'

describe.skipIf(process.platform !== 'linux')('left processes', () => {
  it('finds a process by its environment, its arguments or an open file, and ends it', async () => {
    const mark = mkdtempSync(join(tmpdir(), 'mole-'))
    const file = openSync(join(mark, 'lock'), 'w')
    const idle = ['-e', 'setInterval(() => {}, 1000); console.log()']
    const children = [
      spawn(process.execPath, idle, { env: { ...process.env, MARK: mark } }),
      spawn(process.execPath, [...idle, mark]),
      spawn(process.execPath, idle, { stdio: ['ignore', 'pipe', 'inherit', file] }),
    ]
    closeSync(file)
    try {
      for (const { stdout } of children) if (stdout !== null) await once(stdout, 'data')
      const found = findProcessesOf(mark).map(({ pid }) => pid)
      expect(new Set(found)).toEqual(new Set(children.map(({ pid }) => pid)))
      expect(await awaitNoProcesses(mark, 0)).toHaveLength(3)
    } finally {
      endProcessesOf(mark)
      rmSync(mark, { recursive: true })
    }
    expect(await awaitNoProcesses(mark)).toEqual([])
  })
})
