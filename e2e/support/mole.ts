import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { compileCache } from '../../contract/testing/compile-cache.ts'
import { awaitNoProcesses, endProcessesOf } from '../../scripts/test/left-processes.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** What one run of `mole … --json` gave. */
export type Outcome = {
  readonly code: number | null
  /** The one JSON object on stdout; `null` when the run was killed before it. */
  readonly json: Record<string, never> | null
  readonly stderr: string
}

/** A user's home of its own: its engine, its lab, its database. Nothing of the person's who runs the tests. */
export type Home = {
  readonly directory: string
  readonly env: NodeJS.ProcessEnv
  /** Runs `bin/mole` with `--json`. */
  mole(...argv: string[]): Promise<Outcome>
  /** The same in a mount namespace of its own, after `setUp` has mounted something there. */
  moleAfter(setUp: SetUp, ...argv: string[]): Promise<Outcome>
  /** Starts `npm start`'s program or `bin/mole` and leaves it running. */
  start(program: 'mole' | 'npm-start', argv: string[]): ChildProcess
  /** Ends what was started here, as Ctrl-C would. */
  stop(): Promise<void>
  /** What is still there of the lab: files, and processes by command line; `[]` after a clean teardown. */
  leftovers(): Promise<string[]>
  /** Ends and removes everything, also after a failure. */
  remove(): Promise<void>
}

/** `script` is a fixed text for `sh`; `values` are its "$1", "$2", … */
export type SetUp = { readonly script: string; readonly values: readonly string[] }

export const MOLE = join(ROOT, 'bin/mole')
const UNSHARE = '/usr/bin/unshare'

/** Arguments of unshare(1) after which the command to run follows. An ordinary user may mount there, for himself alone. */
export const inNamespaceAfter = ({ script, values }: SetUp): string[] => [
  '--user',
  '--map-root-user',
  '--mount',
  '--',
  '/bin/sh',
  '-euc',
  `${script}\nshift ${values.length}\nexec "$@"`,
  'sh',
  ...values,
]

const parseLine = (text: string): Outcome['json'] => {
  const line = text.trim().split('\n').at(-1) ?? ''
  return line.startsWith('{') ? (JSON.parse(line) as Outcome['json']) : null
}

/** Runs a program that prints what `mole --json` prints. */
const execute = (file: string, argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(file, [...argv], { env, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null
      resolve({ code, json: parseLine(stdout), stderr })
    })
  })

/** Makes a home with a short path (the socket's path may have 107 bytes). */
export const makeHome = (): Home => {
  const directory = mkdtempSync(join(tmpdir(), 'mole-'))
  const env: NodeJS.ProcessEnv = {
    ...compileCache(),
    PATH: process.env.PATH,
    // Nobody's credentials, and no look for a role of this machine: that would be a request to the network.
    AWS_EC2_METADATA_DISABLED: 'true',
    LANG: 'C.UTF-8',
    HOME: directory,
    XDG_RUNTIME_DIR: directory,
    XDG_STATE_HOME: join(directory, 's'),
    XDG_CONFIG_HOME: join(directory, 'c'),
  }
  const started: ChildProcess[] = []
  const stop = async (): Promise<void> => {
    for (const child of started) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      child.kill('SIGTERM')
      await Promise.race([once(child, 'exit'), new Promise((resolve) => setTimeout(resolve, 5000))])
    }
  }
  return {
    directory,
    env,
    mole: (...argv) => execute(MOLE, [...argv, '--json'], env),
    moleAfter: (setUp, ...argv) => execute(UNSHARE, [...inNamespaceAfter(setUp), MOLE, ...argv, '--json'], env),
    start: (program, argv) => {
      const [file, all] =
        program === 'mole' ? [MOLE, argv] : [process.execPath, [join(ROOT, 'scripts/start.mjs'), ...argv]]
      const child = spawn(file, all, { env, cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
      started.push(child)
      return child
    },
    leftovers: async () => {
      const lab = join(directory, 'mole', 'lab')
      const files = existsSync(lab) ? readdirSync(lab).map((name) => `file: mole/lab/${name}`) : []
      const processes = await awaitNoProcesses(directory)
      return [...files, ...processes.map(({ pid, command }) => `process ${pid}: ${command}`)]
    },
    stop,
    remove: async () => {
      await stop()
      endProcessesOf(directory)
      await awaitNoProcesses(directory)
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** The first line of a program's stdout that `pattern` matches. @throws when it ends without one. */
export const lineOf = async (child: ChildProcess, pattern: RegExp): Promise<string> => {
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  if (child.stdout === null) throw new Error('The program has no stdout.')
  for await (const line of createInterface({ input: child.stdout })) {
    const found = pattern.exec(line)
    if (found !== null) return found[0]
  }
  throw new Error(`It ended without printing ${pattern}. It said:\n${errors}`)
}
