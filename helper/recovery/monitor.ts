import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Runner } from '../run.ts'
import { type MonitorEvent, readMonitorLine } from './read-monitor.ts'

const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 60_000

/**
 * Hears from the kernel what becomes of interfaces, addresses and routes; begins again when the program ends. Returns what
 * ends it. Without the program nothing is heard, and tunnels are found dead by their echoes alone.
 */
export const openMonitor = (runner: Runner, onEvent: (event: MonitorEvent) => void): (() => void) => {
  let child: ChildProcess | null = null
  let timer: NodeJS.Timeout | undefined
  let pauseMs = FIRST_PAUSE_MS
  let isClosed = false

  const later = (): void => {
    if (isClosed) return
    clearTimeout(timer)
    timer = setTimeout(begin, pauseMs)
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)
  }

  const hear = (line: string): void => {
    pauseMs = FIRST_PAUSE_MS
    const event = readMonitorLine(line)
    if (event !== null) onEvent(event)
  }

  /** It ends with the helper, however that ends. */
  const begin = (): void => {
    try {
      const argv = ['--pdeathsig', 'KILL', '--', runner.pathOf('ip'), '-oneline', 'monitor', 'link', 'address', 'route']
      child = runner.start('setpriv', argv, { stdio: ['ignore', 'pipe', 'ignore'] })
      child.once('exit', later).once('error', later)
      if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', hear)
    } catch {
      later()
    }
  }

  begin()
  return () => {
    isClosed = true
    clearTimeout(timer)
    child?.kill('SIGKILL')
  }
}
