import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, closeSync, constants, openSync, statSync } from 'node:fs'
import { MoleError } from '../contract/errors.ts'

/**
 * The only module of the helper that starts a process. Programs are a closed list, found in fixed
 * directories, started with an argument vector (never a shell string) and an environment of our own.
 * Secrets go in on stdin, so that they never show in `/proc/<pid>/cmdline`.
 */

/** Every program the helper may start. From `tc` on they serve the lab only. */
const PROGRAMS = [
  'ip',
  'wg',
  'wireguard-go',
  'xargs',
  'nft',
  'ss',
  'conntrack',
  'taskset',
  'ethtool',
  'ping',
  'systemd-detect-virt',
  'tc',
  'unshare',
  'nsenter',
  'mount',
  'sh',
  'setpriv',
  'iperf3',
  'node',
  'python3',
  'mptcpize',
] as const
export type Program = (typeof PROGRAMS)[number]

const PROGRAM_DIRECTORIES = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'] as const

/** Variables a program may get beside `LC_ALL` and `PATH`. */
export type ProgramEnvironment = { readonly GOMEMLIMIT?: string; readonly LOG_LEVEL?: string }

export type RunOptions = {
  /** Text for the program's stdin; secrets belong here. It is a socket: a program cannot open it as `/dev/stdin`. */
  readonly input?: string
  /** A file as the program's stdin instead, for programs that open `/dev/stdin` (on a socket that is ENXIO, `open(2)`). */
  readonly inputFile?: string
  /** Time limit in ms; default 10 000. */
  readonly timeoutMs?: number
  readonly env?: ProgramEnvironment
  /** A session of its own, so that what it leaves behind outlives the helper. */
  readonly detached?: boolean
}
export type RunResult = { readonly stdout: string; readonly stderr: string; readonly code: number }

export type StartOptions = {
  /** Where each of stdin, stdout and stderr goes: an open file descriptor, a pipe or nowhere. Default: nowhere. */
  readonly stdio?: readonly ['pipe' | 'ignore' | number, 'pipe' | 'ignore' | number, 'pipe' | 'ignore' | number]
  readonly env?: ProgramEnvironment
  /** A session of its own: it outlives the helper, and is not waited for. */
  readonly detached?: boolean
}

/** The seam tests replace: one that refuses unknown argument vectors. */
export type Runner = {
  /**
   * Runs a program to its end. A non-zero exit code is a value, not an exception.
   * @throws MoleError `missing-program`, `timeout`.
   */
  readonly run: (program: Program, argv: readonly string[], options?: RunOptions) => Promise<RunResult>
  /** Starts a long-lived program. @throws MoleError `missing-program`. */
  readonly start: (program: Program, argv: readonly string[], options?: StartOptions) => ChildProcess
  /** Absolute path of a program, for `nsenter … -- PATH`. @throws MoleError `missing-program`. */
  readonly pathOf: (program: Program) => string
}

const MAX_OUTPUT_CHARACTERS = 16 * 1024 * 1024

const PACKAGES: Partial<Record<Program, string>> = {
  ip: 'iproute2',
  tc: 'iproute2',
  ss: 'iproute2',
  ping: 'iputils-ping',
  'systemd-detect-virt': 'systemd',
  wg: 'wireguard-tools',
  nft: 'nftables',
  taskset: 'util-linux',
  setpriv: 'util-linux',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  mount: 'mount',
  xargs: 'findutils',
}

/** Only files that nobody but root can change (65534: root as an unprivileged user namespace sees it, `user_namespaces(7)`). */
export const isTrusted = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    const { mode, uid } = statSync(path)
    return (mode & 0o022) === 0 && (uid === 0 || uid === 65_534)
  } catch {
    return false
  }
}

const found = new Map<Program, string>([['node', process.execPath]])

const pathOf = (program: Program): string => {
  const known = found.get(program)
  if (known !== undefined) return known
  const path = PROGRAM_DIRECTORIES.map((directory) => `${directory}/${program}`).find(isTrusted)
  if (path === undefined) {
    const name = PACKAGES[program] ?? program
    throw new MoleError('missing-program', `The program "${program}" is not installed.`, {
      field: program,
      meaning: `It is needed, and was not found in ${PROGRAM_DIRECTORIES.join(', ')} as a file only root can change.`,
      nextStep: `Install the package "${name}" (apt-get install ${name}) and try again.`,
    })
  }
  found.set(program, path)
  return path
}

const environment = (extra: ProgramEnvironment = {}): NodeJS.ProcessEnv => ({
  LC_ALL: 'C',
  PATH: PROGRAM_DIRECTORIES.join(':'),
  // Where `node` is Electron's own binary, it must be told to be Node.
  ...(process.versions.electron === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' }),
  ...extra,
})

const timeoutError = (program: Program, timeoutMs: number): MoleError =>
  new MoleError('timeout', `"${program}" did not finish within ${timeoutMs / 1000} s.`, {
    field: program,
    meaning: 'It was ended.',
    nextStep: 'Look at the load of this machine, then try again.',
  })

/** One in a session of its own goes with all that it started. */
const endWhole = (child: ChildProcess, isLeader: boolean): void => {
  try {
    if (isLeader && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    else child.kill('SIGKILL')
  } catch {
    // It has ended in this very moment.
  }
}

const run: Runner['run'] = (program, argv, options = {}) =>
  new Promise((resolve, reject) => {
    const timeoutMs = options.timeoutMs ?? 10_000
    const path = pathOf(program)
    const file = options.inputFile === undefined ? null : openSync(options.inputFile, 'r')
    const child = spawn(path, [...argv], {
      env: environment(options.env),
      cwd: '/',
      stdio: [file ?? 'pipe', 'pipe', 'pipe'],
      detached: options.detached ?? false,
    })
    if (file !== null) closeSync(file)
    const out: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' }
    const timer = setTimeout(() => {
      endWhole(child, options.detached ?? false)
      reject(timeoutError(program, timeoutMs))
    }, timeoutMs)
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        if (out[name].length < MAX_OUTPUT_CHARACTERS) out[name] += text
      })
    }
    child.once('error', (cause) => {
      clearTimeout(timer)
      reject(new MoleError('internal', `"${program}" could not be started.`, { field: program }, { cause }))
    })
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve({ ...out, code: code ?? 128 })
    })
    // A program that ends without reading its input is judged by its exit code, not by EPIPE.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(options.input ?? '')
  })

const start: Runner['start'] = (program, argv, options = {}) => {
  const child = spawn(pathOf(program), [...argv], {
    env: environment(options.env),
    cwd: '/',
    stdio: [...(options.stdio ?? ['ignore', 'ignore', 'ignore'])],
    detached: options.detached ?? false,
  })
  // Without a listener a failed start would end the helper; callers see it as the child's "exit"/"error".
  child.on('error', () => undefined)
  if (options.detached === true) child.unref()
  return child
}

/** The real thing. */
export const systemRunner: Runner = { run, start, pathOf }
