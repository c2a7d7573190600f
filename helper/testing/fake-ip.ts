import { type ChildProcess, spawn } from 'node:child_process'
import { expect } from 'vitest'
import type { Runner } from '../run.ts'

export type FakeIp = {
  readonly runner: Runner
  /** Those that were started to wait for questions. */
  readonly children: readonly ChildProcess[]
  /** What was asked of an `ip` of its own. */
  readonly alone: readonly string[]
  /** Ends what was started, and forgets it. */
  readonly close: () => void
}

/**
 * A runner that starts `script` (JavaScript, asked on stdin) where an `ip` is to wait with `argv`, and refuses any other;
 * an `ip` by itself says `saidAlone`.
 */
export const makeFakeIp = (script: string, argv: readonly string[], saidAlone: string): FakeIp => {
  const children: ChildProcess[] = []
  const alone: string[] = []
  const runner: Runner = {
    pathOf: (program) => `/usr/sbin/${program}`,
    start: (program, given, options) => {
      expect([program, ...given]).toEqual(['setpriv', '--pdeathsig', 'KILL', '--', '/usr/sbin/ip', ...argv])
      const child = spawn(process.execPath, ['-e', script], { stdio: [...(options?.stdio ?? [])] })
      children.push(child)
      return child
    },
    run: async (_program, _argv, { input = '' } = {}) => {
      alone.push(input)
      return { stdout: saidAlone, stderr: '', code: 0 }
    },
  }
  const close = (): void => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    alone.length = 0
  }
  return { runner, children, alone, close }
}
