import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const LIMIT_MS = 5000

export type Outcome = { readonly ok: boolean; readonly output: string }

/** Runs a program found by `findProgram` for a look at this machine. It never throws. */
export type Execute = (path: string, argv: readonly string[]) => Promise<Outcome>

export const execute: Execute = async (path, argv) => {
  try {
    const { stdout, stderr } = await promisify(execFile)(path, [...argv], {
      timeout: LIMIT_MS,
      env: { LC_ALL: 'C', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    })
    return { ok: true, output: (stdout + stderr).trim() }
  } catch (error) {
    return { ok: false, output: String((error as { stderr?: string }).stderr ?? (error as Error).message).trim() }
  }
}
