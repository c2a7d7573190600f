import { setTimeout as sleep } from 'node:timers/promises'
import { parseIperfError } from '../../iperf/iperf-output.ts'
import { linesOf } from '../../iperf/lines-of.ts'
import type { MeasureContext } from '../context.ts'
import { SILENT } from './iperf-problem.ts'

/** With `--verbose` the data flows from this line on; it is flushed with the figures of the first second. */
const STARTING = /^Starting Test/

export type ClientOptions = {
  readonly argv: readonly string[]
  /** Longest time until data flows, and from then to the end, ms. */
  readonly startLimitMs: number
  readonly runLimitMs: number
  readonly onLine: (line: string) => void
  /** When data has begun to flow, with the process that sends or receives it. */
  readonly onStart: (pid: number) => void
}

/** What iperf3 complained of; `null`: it ended well. `hasStarted`: data did flow. */
export type ClientEnd = { readonly complaint: string | null; readonly hasStarted: boolean }

/**
 * Runs an iperf3 client to its end, or ends it when it takes too long.
 * @throws MoleError `missing-program`, `cancelled`.
 */
export const runClient = async ({ runner, signal }: MeasureContext, options: ClientOptions): Promise<ClientEnd> => {
  const child = runner.start('iperf3', options.argv, { stdio: ['ignore', 'pipe', 'pipe'] })
  let [text, hasStarted, isLate] = ['', false, false]
  const late = (): void => {
    isLate = true
    child.kill('SIGKILL')
  }
  let timer = setTimeout(late, options.startLimitMs)
  const ended = new Promise<number>((resolve) => {
    child.once('close', (code) => resolve(code ?? 128))
    child.once('error', () => resolve(128))
  })
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = `${text}${chunk}`.slice(-4096)
  })
  try {
    for await (const line of linesOf(child.stdout)) {
      if (!hasStarted && STARTING.test(line)) {
        hasStarted = true
        clearTimeout(timer)
        timer = setTimeout(late, options.runLimitMs)
        options.onStart(child.pid ?? 0)
      }
      // With --verbose its errors are on stdout.
      if (line.startsWith('iperf3: error')) text = `${text}${line}\n`
      else options.onLine(line)
    }
    const code = await ended
    signal.throwIfAborted()
    if (isLate) return { complaint: SILENT, hasStarted }
    const complaint = parseIperfError(text)
    return { complaint: complaint ?? (code === 0 ? null : `it ended with code ${code}`), hasStarted }
  } finally {
    clearTimeout(timer)
    child.kill('SIGKILL')
  }
}

/** Waits; cut short by `signal`. @throws the signal's reason. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal })
