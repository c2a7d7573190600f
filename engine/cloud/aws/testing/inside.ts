import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { compileCache } from '../../../../contract/testing/compile-cache.ts'
import { findProcesses, identityOf } from '../../lab/processes.ts'
import { enterNamespaces, LAB_ENVIRONMENT, mustFindProgram } from '../../lab/programs.ts'

export type Finished = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

/** Starts a program in the world whose first process is `pid`. It ends with the world at the latest. */
export const spawnInside = async (
  pid: number,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  stdio: StdioOptions,
): Promise<ChildProcess> =>
  spawn(await mustFindProgram('nsenter'), [...enterNamespaces(pid), ...argv], {
    cwd: '/',
    env: { ...LAB_ENVIRONMENT, ...compileCache(), ...env },
    stdio,
  })

/** What a program prints until it ends. */
export const finishOf = (child: ChildProcess): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const said = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const)
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        said[name] += text
      })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...said }))
  })

/** The first thing a program prints, which says that it is ready. @throws Error with its last words when it ends before. */
export const firstWordOf = (child: ChildProcess, what: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let words = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-4000)
    })
    child.stdout?.setEncoding('utf8').once('data', resolve)
    child.once('error', reject)
    child.once('close', (code) => reject(new Error(`${what} ended with code ${code}: ${words}`)))
  })

/** Processes of the world for which `isWanted` holds, by their ids outside it. */
export const processesInside = async (pid: number, isWanted: (pid: number) => Promise<boolean>): Promise<number[]> => {
  const users = await identityOf(`/proc/${pid}/ns/user`)
  return findProcesses(
    async (each) => users !== null && (await identityOf(`/proc/${each}/ns/user`)) === users && isWanted(each),
  )
}
