import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { compileCache } from '../../contract/testing/compile-cache.ts'

/** A user, network, mount and process namespace for one test: nothing in it touches this machine's network. */
export type World = {
  /** Runs a program in it to its end. Rejects when it fails. */
  readonly run: (program: string, argv: readonly string[], input?: string) => Promise<string>
  /** Starts a program in it; unless said otherwise, only its stderr can be read. */
  readonly start: (program: string, argv: readonly string[], stdio?: SpawnOptions['stdio']) => ChildProcess
  /** Ends every process in it, and waits until they have ended. */
  readonly close: () => Promise<void>
}

/**
 * Its first process: `/run` for the sockets of wireguard-go, `/sys` of the new network. It reads its stdin, so that the
 * world ends with the test that made it, however that ends; and a shell that waits takes leave of every orphan.
 */
const INIT = `
set -e
read -r pid _ < /proc/self/stat
mount -t tmpfs tmpfs /run
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mkdir -p /run/wireguard /run/ns
ip link set lo up
echo "$pid"
exec 3<&0
cat <&3 >/dev/null &
wait $!
`

const PATH = '/usr/sbin:/usr/bin:/sbin:/bin'
const NAMESPACES = ['--user', '--net', '--mount', '--pid', '--preserve-credentials']

const firstLine = async (child: ChildProcess): Promise<string> => {
  if (child.stdout === null) throw new Error('no output to read')
  for await (const line of createInterface({ input: child.stdout })) return line
  throw new Error('the namespace could not be made')
}

/** Makes a world; close it, whatever happens. */
export const makeWorld = async (): Promise<World> => {
  const init = spawn(
    '/usr/bin/unshare',
    ['--user', '--map-root-user', '--net', '--mount', '--pid', '--fork', '--kill-child', '/bin/sh', '-c', INIT],
    { stdio: ['pipe', 'pipe', 'inherit'], env: { PATH, LC_ALL: 'C' } },
  )
  const pid = await firstLine(init)
  const enter = (program: string, argv: readonly string[]): string[] => [
    '--target',
    pid,
    ...NAMESPACES,
    program,
    ...argv,
  ]
  const env = { ...compileCache(), PATH, LC_ALL: 'C' }
  return {
    run: (program, argv, input = '') =>
      new Promise((resolve, reject) => {
        const child = execFile('/usr/bin/nsenter', enter(program, argv), { env }, (error, stdout, stderr) => {
          if (error === null) resolve(stdout)
          else reject(new Error(`${program} ${argv.join(' ')}: ${stderr}`))
        })
        child.stdin?.on('error', () => undefined)
        child.stdin?.end(input)
      }),
    start: (program, argv, stdio = ['ignore', 'ignore', 'pipe']) =>
      spawn('/usr/bin/nsenter', enter(program, argv), { env, stdio }),
    close: async () => {
      const ended = once(init, 'exit')
      init.kill('SIGKILL')
      await ended
      await vanished(Number(pid))
    },
  }
}

/** Waits until a process of ours is gone: the kernel ends a namespace's processes with its first one. */
const vanished = async (pid: number): Promise<void> => {
  for (let tries = 0; tries < 500; tries += 1) {
    try {
      if (/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return
    } catch {
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
