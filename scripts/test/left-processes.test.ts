import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { awaitNoProcesses, endProcessesOf, findProcessesOf } from './left-processes.mjs'

describe.skipIf(process.platform !== 'linux')('left processes', () => {
  it('finds a process by its environment or its arguments, and ends it', async () => {
    const mark = `/tmp/mole-mark-${process.pid}`
    const idle = ['-e', 'setInterval(() => {}, 1000); console.log()']
    const children = [
      spawn(process.execPath, idle, { env: { ...process.env, MARK: mark } }),
      spawn(process.execPath, [...idle, mark]),
    ]
    try {
      await Promise.all(children.map((child) => once(child.stdout, 'data')))
      const found = findProcessesOf(mark).map(({ pid }) => pid)
      expect(new Set(found)).toEqual(new Set(children.map(({ pid }) => pid)))
      expect(await awaitNoProcesses(mark, 0)).toHaveLength(2)
    } finally {
      endProcessesOf(mark)
    }
    expect(await awaitNoProcesses(mark)).toEqual([])
  })
})
