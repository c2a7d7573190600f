import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'
import { MoleError } from '../contract/errors.ts'

const missing = (program: string): MoleError =>
  new MoleError('missing-program', `The program "${program}" is not installed.`, {
    field: program,
    meaning: 'Nothing was run.',
    nextStep: '"mole doctor" says how to get it.',
  })

/** Shells report a program that a signal ended as 128 plus the signal's number. */
const codeOf = (code: number | null, signal: NodeJS.Signals | null): number =>
  code ?? 128 + (signal === null ? 0 : constants.signals[signal])

/** EACCES: nothing of that name may be run, or a directory of PATH may not be looked into (execve(2)). */
const ABSENT = ['ENOENT', 'EACCES', 'ENOTDIR']

const ignore = (): void => {}

/**
 * Runs a program on this terminal, by argv. Ctrl-C is the program's own business meanwhile. What it prints goes to our
 * stdout, or to stderr where that is for data.
 * @throws MoleError `missing-program`.
 */
export const runHere = (
  program: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  output: 'stdout' | 'stderr' = 'stdout',
): Promise<number> =>
  new Promise((resolve, reject) => {
    process.on('SIGINT', ignore)
    const child = spawn(program, argv, {
      stdio: ['inherit', output === 'stderr' ? 2 : 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    })
    child.once('error', (error: NodeJS.ErrnoException) => {
      process.off('SIGINT', ignore)
      reject(ABSENT.includes(error.code ?? '') ? missing(program) : error)
    })
    child.once('exit', (code, signal) => {
      process.off('SIGINT', ignore)
      resolve(codeOf(code, signal))
    })
  })

const ENDING = ['SIGINT', 'SIGTERM'] as const

/**
 * Runs a program that prints lines, for as long as this process lives: its stdin is a pipe that nobody writes to, and that
 * ends with us, or at a signal that would end us. Resolves with its exit code once all it printed was heard.
 * @throws MoleError `missing-program`.
 */
export const runAlongside = (
  program: string,
  argv: readonly string[],
  onLine: (line: string) => void,
): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, argv, { stdio: ['pipe', 'pipe', 'inherit'] })
    const end = (): void => void child.stdin.end()
    const letGo = (): void => {
      for (const signal of ENDING) process.off(signal, end)
    }
    for (const signal of ENDING) process.on(signal, end)
    // It may have ended before us.
    child.stdin.on('error', ignore)
    createInterface({ input: child.stdout }).on('line', onLine)
    child.once('error', (error: NodeJS.ErrnoException) => {
      letGo()
      reject(ABSENT.includes(error.code ?? '') ? missing(program) : error)
    })
    child.once('close', (code, signal) => {
      letGo()
      resolve(codeOf(code, signal))
    })
  })
