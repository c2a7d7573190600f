import type { MeasureContext } from '../context.ts'
import type { Server, TcpPlan } from './client-arguments.ts'
import { explainFailure, type Failure } from './iperf-problem.ts'
import type { BandwidthRequest } from './measure-bandwidth.ts'
import type { Progress } from './progress.ts'
import { pause } from './run-client.ts'
import type { Tally } from './tally.ts'
import { runTcp, type TcpOutcome } from './tcp-run.ts'

export type Parts = {
  readonly context: MeasureContext
  readonly server: Server
  readonly request: BandwidthRequest
  readonly tally: Tally
  readonly progress: Progress
  readonly version: string
}

/** A server that has just ended a test, or lost one, may say for a moment that it is busy. */
const BUSY_PAUSES_MS = [500, 1500, 3000] as const
/** So many runs in a row that break off are enough. */
const MOST_BROKEN = 2

const nameOf = ({ direction, streams }: TcpPlan): string =>
  `${direction} over ${streams === 1 ? '1 stream' : `${streams} streams`}`

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`

type Attempt = TcpOutcome & { readonly failure: Failure | null }

const attempt = async (parts: Parts, plan: TcpPlan, busyPausesMs: readonly number[]): Promise<Attempt> => {
  const { context, server, request, tally, progress, version } = parts
  for (let tries = 0; ; tries += 1) {
    tally.begin()
    const outcome = await runTcp(context, {
      server,
      plan,
      version,
      onSecond: (second) => {
        progress.second()
        if (second !== null) context.emit({ kind: 'second', run: tally.runs().length, second })
      },
    })
    const { complaint } = outcome
    if (complaint === null) return { ...outcome, failure: null }
    const failure = explainFailure(complaint, request.host, server.port)
    const wait = busyPausesMs[tries]
    if (failure.kind !== 'busy' || wait === undefined) return { ...outcome, failure }
    await pause(wait, context.signal)
  }
}

/** Runs TCP as planned. Gives whether it is worth going on: not when the server cannot be reached. */
export const measureTcp = async (
  parts: Parts,
  plans: readonly TcpPlan[],
  busyPausesMs: readonly number[] = BUSY_PAUSES_MS,
): Promise<boolean> => {
  const { context, tally, progress } = parts
  let broken = 0
  let isBlindTold = false
  for (const plan of plans) {
    const name = nameOf(plan)
    progress.begin(`${capital(name)}, ${plan.seconds} s`, plan.seconds + plan.omitSeconds)
    const { run, failure, blind } = await attempt(parts, plan, busyPausesMs)
    if (run !== null) tally.take({ run })
    if (blind !== null && !isBlindTold) {
      isBlindTold = true
      const meaning = 'What holds the flows back cannot be told by the kernel’s own counters.'
      context.emit({ kind: 'problem', of: 'flows', problem: { message: blind, meaning, nextStep: null } })
    }
    broken = failure === null ? 0 : broken + 1
    if (failure === null) continue
    context.emit({ kind: 'problem', of: name, problem: failure.problem })
    if (failure.kind !== 'broken' || broken === MOST_BROKEN) return false
  }
  return true
}
