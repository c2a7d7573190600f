import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { enterNamespaces, LAB_ENVIRONMENT } from '../../engine/cloud/lab/programs.ts'

const execute = promisify(execFile)

/** A place in a running lab: the DTN, or a namespace beside it. */
export type Place = { readonly pid: number; readonly namespace: string | null }

const argvOf = ({ pid, namespace }: Place, command: readonly string[]): string[] => [
  ...enterNamespaces(pid),
  ...(namespace === null ? [] : ['nsenter', `--net=/run/netns/${namespace}`, '--']),
  ...command,
]

const OPTIONS = { cwd: '/', env: LAB_ENVIRONMENT } as const

/** Runs a program there to its end, and gives what it prints. */
export const runAt = async (place: Place, ...command: readonly string[]): Promise<string> =>
  (await execute('/usr/bin/nsenter', argvOf(place, command), { ...OPTIONS, maxBuffer: 64 * 1024 * 1024 })).stdout

/** A program that goes on there, and is spoken with line by line. */
export type Running = {
  readonly child: ChildProcess
  /** Says a line, and gives the next line of its answer. */
  readonly ask: (line: string) => Promise<string>
  readonly next: () => Promise<string>
  readonly end: () => Promise<void>
}

/** Starts a program there; it ends when its stdin does, as `nsenter` stands between it and signals. */
export const startAt = (place: Place, ...command: readonly string[]): Running => {
  const child = spawn('/usr/bin/nsenter', argvOf(place, command), { ...OPTIONS, stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.on('error', () => undefined)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error(`${command.join(' ')} has ended`)
    return value
  }
  return {
    child,
    next,
    ask: (line) => {
      child.stdin.write(`${line}\n`)
      return next()
    },
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.stdin.end()
      await ended
    },
  }
}

/** Starts one of the scripts beside this file. */
export const startScript = (place: Place, script: string, ...argv: readonly (string | number)[]): Running =>
  startAt(place, process.execPath, fileURLToPath(new URL(script, import.meta.url)), ...argv.map(String))
