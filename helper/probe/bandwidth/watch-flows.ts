import { parseSsMeasured } from '../../flows/parse-ss.ts'
import type { MeasureContext } from '../context.ts'
import type { Server } from './client-arguments.ts'
import { type FlowLooks, makeFlowLooks } from './flow-looks.ts'
import { pause } from './run-client.ts'

export type Watch = Pick<FlowLooks, 'restart' | 'tell'> & {
  /** No more looks: the run is over, though its connections may not be closed yet. */
  readonly stop: () => void
  /** Resolves when the last look has ended, with why there was none; `null` when there were. */
  readonly ended: Promise<string | null>
}

/** Looks with `ss` at the connections to a server, every `everyMs`, until it is stopped. */
export const watchFlows = (context: MeasureContext, { address, port }: Server, everyMs: number): Watch => {
  const { runner, signal } = context
  const looks = makeFlowLooks()
  const stopped = new AbortController()
  const over = AbortSignal.any([signal, stopped.signal])
  const argv = ['-tinHOe', 'dst', address, 'dport', '=', `:${port}`]

  const look = async (): Promise<void> => {
    const { stdout } = await runner.run('ss', argv, { timeoutMs: 5000 })
    if (!over.aborted) looks.see(performance.now(), parseSsMeasured(stdout))
  }
  const watch = async (): Promise<string | null> => {
    try {
      while (!over.aborted) {
        await look()
        await pause(everyMs, over)
      }
      return null
    } catch (error) {
      return over.aborted ? null : (error as Error).message
    }
  }
  return { restart: looks.restart, tell: looks.tell, stop: () => stopped.abort(), ended: watch() }
}
