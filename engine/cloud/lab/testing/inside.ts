import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import { enterNamespaces, LAB_ENVIRONMENT, mustFindProgram } from '../programs.ts'

const execute = promisify(execFile)

/** Runs a program on the DTN of the world whose first process is `pid`, and gives what it prints. */
export const runInside = async (pid: number, ...command: readonly string[]): Promise<string> => {
  const argv = [...enterNamespaces(pid), ...command]
  return (await execute(await mustFindProgram('nsenter'), argv, { cwd: '/', env: LAB_ENVIRONMENT })).stdout
}

/** Starts one there that goes on. */
export const startInside = async (pid: number, ...command: readonly string[]): Promise<ChildProcess> =>
  spawn(await mustFindProgram('nsenter'), [...enterNamespaces(pid), ...command], {
    cwd: '/',
    env: LAB_ENVIRONMENT,
    stdio: 'ignore',
  })
