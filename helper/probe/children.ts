import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { MoleError } from '../../contract/errors.ts'
import { type Program, type Runner, type RunResult, type StartOptions, systemRunner } from '../run.ts'

/**
 * Starts programs that do not outlive this process: `signal` ends them, and where it cannot even do that (SIGKILL), the kernel
 * does (PR_SET_PDEATHSIG, `prctl(2)`, set by `setpriv`, which then becomes the program).
 */
export type Children = Runner & {
  /** Resolves when all have ended. */
  readonly allEnded: () => Promise<void>
}

const MAX_OUTPUT_CHARACTERS = 16 * 1024 * 1024

/** Without `setpriv` programs are started all the same; only a killed measurement could leave one then. */
const boundToUs = (base: Runner, program: Program, argv: readonly string[]): [Program, string[]] => {
  const path = base.pathOf(program)
  try {
    base.pathOf('setpriv')
    return ['setpriv', ['--pdeathsig', 'KILL', path, ...argv]]
  } catch {
    return [program, [...argv]]
  }
}

const cancelled = (): MoleError => new MoleError('cancelled', 'The measurement was cancelled.')

const collect = async (child: ChildProcess, input: string): Promise<RunResult> => {
  const out: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      if (out[name].length < MAX_OUTPUT_CHARACTERS) out[name] += text
    })
  }
  // A program that ends without reading its input is judged by its exit code, not by EPIPE.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { ...out, code: code ?? 128 }
}

export const makeChildren = (signal: AbortSignal, base: Runner = systemRunner): Children => {
  const alive = new Set<ChildProcess>()
  const endAll = (): void => {
    for (const child of alive) child.kill('SIGKILL')
  }
  signal.addEventListener('abort', endAll)

  const start = (program: Program, argv: readonly string[], options: StartOptions = {}): ChildProcess => {
    if (signal.aborted) throw cancelled()
    const child = base.start(...boundToUs(base, program, argv), { ...options, detached: false })
    alive.add(child)
    child.once('exit', () => alive.delete(child))
    child.once('error', () => alive.delete(child))
    return child
  }

  return {
    pathOf: base.pathOf,
    start,
    run: async (program, argv, options = {}) => {
      const timeoutMs = options.timeoutMs ?? 10_000
      const child = start(program, argv, {
        stdio: ['pipe', 'pipe', 'pipe'],
        ...(options.env === undefined ? {} : { env: options.env }),
      })
      let isLate = false
      const timer = setTimeout(() => {
        isLate = true
        child.kill('SIGKILL')
      }, timeoutMs)
      const result = await collect(child, options.input ?? '').finally(() => clearTimeout(timer))
      if (signal.aborted) throw cancelled()
      if (isLate)
        throw new MoleError('timeout', `"${program}" did not finish within ${timeoutMs / 1000} s.`, {
          field: program,
          meaning: 'It was ended.',
          nextStep: 'Look at the load of this machine, then try again.',
        })
      return result
    },
    allEnded: async () => {
      await Promise.all([...alive].map((child) => once(child, 'exit')))
    },
  }
}
