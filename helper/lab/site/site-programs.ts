import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { MoleError } from '../../../contract/errors.ts'
import { ECHO_PORT, IPERF3_PORT, type SiteCondition } from '../../../domain/probe/request.ts'
import type { Runner } from '../../run.ts'
import { namespacePath } from '../topology.ts'
import { SITE, SITE_ROUTER } from './site-network.ts'

const IS_SOURCE = import.meta.url.endsWith('.ts')
const ANSWERER = join(import.meta.dirname, IS_SOURCE ? '../../probe/main.ts' : 'probe.js')
const SLOW_SOURCE = join(import.meta.dirname, IS_SOURCE ? '../../..' : '../..', 'resources/lab/slow-source.py')

/** Both on the world's tmpfs. */
export const SOURCE_FILE = '/run/lab-site-source'
export const HOLD_FILE = '/run/lab-site-hold'

/**
 * Becomes the program given, with a stdin that never ends: the answerer ends with its own, and is to outlive the helper.
 * Constant text: nothing is ever put into it.
 */
const WITH_ENDLESS_STDIN = 'hold=$1; shift; mkfifo -m 600 "$hold"; exec "$@" <>"$hold"'

const startIn = (
  runner: Runner,
  namespace: string,
  program: readonly string[],
  output: 'pipe' | 'ignore',
): ChildProcess =>
  runner.start('nsenter', [`--net=${namespacePath(namespace)}`, '--', ...program], {
    stdio: ['ignore', output, 'pipe'],
    detached: true,
  })

/** What a program says when it gives up. */
const complaintsOf = (child: ChildProcess): (() => string) => {
  let text = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = `${text}${chunk}`.slice(-500)
  })
  return () => text.trim().split('\n')[0] ?? ''
}

const gaveUp = (what: string, why: string): MoleError =>
  new MoleError('not-available', `The lab's ${what} did not start: ${why === '' ? 'it said nothing' : why}.`, {
    field: 'site',
    meaning: 'What was made of the probe site is taken away again.',
    nextStep: 'Run "mole doctor" to see what this machine lacks.',
  })

/** Nobody listens to it from here on, and it outlives this helper. */
const letGo = (child: ChildProcess): void => {
  child.stdout?.destroy()
  child.stderr?.destroy()
}

/** States of `/proc/PID/net/tcp` and `udp` (include/net/tcp_states.h): listening, and bound. */
const LISTENING = '0A'
const BOUND = '07'

/** Whether one of the kernel's tables of sockets has one on `port` in this state. Pure. */
export const hasSocket = (table: string, port: number, state: string): boolean => {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table.split('\n').some((line) => {
    const [, local, , found] = line.trim().split(/\s+/)
    return local?.endsWith(end) === true && found === state
  })
}

const seesSocket = async (pid: number, files: readonly string[], port: number, state: string): Promise<boolean> => {
  const tables = await Promise.all(files.map((file) => readFile(`/proc/${pid}/net/${file}`, 'utf8').catch(() => '')))
  return tables.some((table) => hasSocket(table, port, state))
}

const answersAll = async (pid: number, { echo, iperf3 }: SiteCondition['answers']): Promise<boolean> =>
  (!echo || (await seesSocket(pid, ['udp', 'udp6'], ECHO_PORT, BOUND))) &&
  (!iperf3 || (await seesSocket(pid, ['tcp', 'tcp6'], IPERF3_PORT, LISTENING)))

const LIMIT_MS = 8000

/** Starts what answers in the site, and waits until it does. @throws MoleError `not-available`. */
export const startAnswering = async (runner: Runner, { answers }: SiteCondition): Promise<void> => {
  if (!answers.echo && !answers.iperf3) return
  const without = [...(answers.echo ? [] : ['--no-echo']), ...(answers.iperf3 ? [] : ['--no-iperf3'])]
  const ports = ['--echo-port', String(ECHO_PORT), '--iperf3-port', String(IPERF3_PORT)]
  const program = [runner.pathOf('node'), ANSWERER, 'answer', ...ports, ...without]
  const shell = [runner.pathOf('sh'), '-ec', WITH_ENDLESS_STDIN, 'hold', HOLD_FILE]
  const child = startIn(runner, SITE, [...shell, ...program], 'ignore')
  const complaint = complaintsOf(child)
  const untilMs = performance.now() + LIMIT_MS
  while (child.pid !== undefined && child.exitCode === null && performance.now() < untilMs) {
    if (await answersAll(child.pid, answers)) return letGo(child)
    await delay(10)
  }
  throw gaveUp('answering program', complaint())
}

/**
 * Starts what feeds the slow sender's file. It lives in the router's namespace, so that it ends with it.
 * @throws MoleError `not-available`, `missing-program` without python3.
 */
export const startSlowSource = async (runner: Runner, bitsPerSecond: number): Promise<void> => {
  const python = [runner.pathOf('python3'), '-I', SLOW_SOURCE, SOURCE_FILE, String(bitsPerSecond)]
  const child = startIn(runner, SITE_ROUTER, python, 'pipe')
  const complaint = complaintsOf(child)
  if (child.stdout !== null)
    for await (const line of createInterface({ input: child.stdout })) if (line === 'ready') return letGo(child)
  throw gaveUp('slow sender', complaint())
}
