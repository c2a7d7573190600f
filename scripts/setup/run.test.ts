import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { run } from './run.mjs'

const node = (script: string, options = {}) => run(process.execPath, ['-e', script], options)

describe('run', () => {
  it('gives output and exit code', async () => {
    expect(await node('console.log("out"); console.error("err"); process.exitCode = 3')).toMatchObject({
      code: 3,
      output: expect.stringMatching(/out[\s\S]*err|err[\s\S]*out/),
      timedOut: false,
    })
  })

  it('gives its input on stdin, and an empty one without', async () => {
    const echo = 'process.stdin.pipe(process.stdout)'
    expect((await node(echo, { input: 'hello' })).output).toBe('hello')
    expect((await node(echo)).output).toBe('')
  })

  it('says 127 for a program that is not there', async () => {
    expect((await run('mole-no-such-program', [])).code).toBe(127)
  })

  it('ends what takes too long, with the children it made', async () => {
    const parent = `const c = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      console.log(c.pid); setInterval(() => {}, 1000)`
    const { timedOut, code, output } = await node(parent, { timeoutMs: 2000 })
    expect({ timedOut, code }).toEqual({ timedOut: true, code: 137 })
    const child = Number(output)
    expect(child).toBeGreaterThan(0)
    await expect.poll(() => isRunning(child)).toBe(false)
  })
})

/** A zombie, which nobody has waited for yet, has ended. */
const isRunning = (pid: number) => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
