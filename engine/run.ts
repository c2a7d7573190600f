import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const LIMIT_MS = 5000

export type Outcome = { readonly ok: boolean; readonly output: string }

/** Runs a program found by `findProgram` for a look at this machine. It never throws. */
export type Execute = (path: string, argv: readonly string[]) => Promise<Outcome>

export const execute: Execute = (path, argv) => executeWithin(path, argv, LIMIT_MS)

/** The same for a program that takes its time; `signal` ends it. */
export const executeWithin = async (
  path: string,
  argv: readonly string[],
  limitMs: number,
  signal?: AbortSignal,
): Promise<Outcome> => {
  try {
    const { stdout, stderr } = await promisify(execFile)(path, [...argv], {
      timeout: limitMs,
      ...(signal === undefined ? {} : { signal }),
      env: { LC_ALL: 'C', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    })
    return { ok: true, output: (stdout + stderr).trim() }
  } catch (error) {
    const { stderr = '', stdout = '', message } = error as { stderr?: string; stdout?: string; message: string }
    return { ok: false, output: (stderr || stdout || message).trim() }
  }
}
